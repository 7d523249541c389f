// Multipart bodies as clients write them, as attackers write them, and as bad lines make of them; the same for a seed.

export interface FuzzBody {
  contentType: string
  /** What the content type says the boundary is; null where it does not. */
  boundary: string | null
  bytes: Buffer
  /** Lengths of the chunks that it arrives in, the rest in one. */
  cuts: readonly number[]
}

export function fuzzBody(seed: number): FuzzBody {
  const random = new Random(seed)
  const boundary = boundaryOf(random)
  const body = bodyOf(random, boundary.text)
  const changes = random.chance(0.5) ? 0 : random.between(1, 3)
  let bytes: Buffer = Buffer.concat(body)
  for (let change = 0; change < changes; change += 1) bytes = mutated(random, bytes, boundary.text)
  return { contentType: boundary.contentType, boundary: boundary.said, bytes, cuts: cutsOf(random, bytes.length) }
}

// THE BOUNDARY

function boundaryOf(random: Random): { text: string; contentType: string; said: string | null } {
  const text = random.pick([
    () => random.text(boundaryLetters, random.between(1, 12)),
    () => `----WebKitFormBoundary${random.text(letters, 16)}`,
    () => `-----------------------------${random.text('0123456789', 24)}`,
    () => `----formdata-undici-0${random.text('0123456789', 11)}`,
    () => random.text('-', random.between(1, 6)),
    () => random.text(boundaryLetters, random.between(60, 75)),
    () => 'b',
  ])()
  const [contentType, said] = random.chance(0.85)
    ? [`multipart/form-data; boundary=${text}`, text]
    : random.pick([
        [`multipart/form-data; boundary="${text}"`, text],
        [`Multipart/Form-Data; Boundary=${text}`, text],
        [`multipart/form-data;boundary=${text}`, text],
        [`multipart/form-data; charset=utf-8; boundary=${text}`, text],
        [`multipart/form-data; boundary=${text}; charset=utf-8`, text],
        [`multipart/form-data; boundary="${text}`, null],
        [`multipart/form-data; boundary=${text}; boundary=other`, text],
        [`multipart/form-data; boundary=${text}x`, `${text}x`],
        [`multipart/form-data; boundary=`, null],
        ['multipart/form-data', null],
        ['multipart/mixed; boundary=b', null],
        ['text/plain', null],
      ] as const)
  return { text, contentType, said }
}

// THE FORM

function bodyOf(random: Random, boundary: string): Buffer[] {
  const fields = random.weighted([
    [20, () => [dataField(random)]],
    [2, () => [dataField(random), dataField(random)]],
    [3, () => [dataField(random), otherField(random)]],
    [2, () => [otherField(random), dataField(random)]],
    [1, () => [otherField(random)]],
    [1, () => []],
  ])()
  const pieces: (string | Buffer)[] = []
  if (random.chance(0.05)) pieces.push(random.pick(['preamble\r\n', '\r\n', '\n', ' ', '--\r\n', `--${boundary} \r\n`]))
  for (const { headers, blank } of fields) {
    pieces.push(`--${boundary}${random.chance(0.02) ? random.pick([' ', '\t', '-', '--', 'x']) : ''}\r\n`)
    pieces.push(headers, blank, contentOf(random, boundary), '\r\n')
  }
  pieces.push(
    `--${boundary}--`,
    random.chance(0.85) ? '\r\n' : random.pick(['', '\n', ' \r\n', '\r\nepilogue', '--\r\n']),
  )
  return pieces.map((piece) => Buffer.from(piece as string, 'utf8'))
}

interface Field {
  headers: string
  blank: string
}

function dataField(random: Random): Field {
  const disposition = random.weighted([
    [12, () => 'form-data; name="data"; filename="blob"'],
    [3, () => 'form-data; name="data"'],
    [2, () => 'form-data; name=data; filename=blob'],
    [2, () => `form-data; name="data"; filename="${fileNameOf(random)}"`],
    [1, () => `form-data; filename="${fileNameOf(random)}"; name="data"`],
    [
      1,
      () => `form-data; name="data"; filename="a"; filename*=UTF-8''${random.pick(['%E5%A0%B1', '%E5%A', 'a%', 'x'])}`,
    ],
    [1, () => random.pick(oddDispositions)],
  ])()
  const name = random.chance(0.9) ? 'Content-Disposition' : random.pick(['content-disposition', 'CONTENT-DISPOSITION'])
  const lines = [`${name}: ${disposition}`]
  if (random.chance(0.7)) lines.push('Content-Type: application/octet-stream')
  if (random.chance(0.1)) lines.push(random.pick(otherHeaders(random)))
  if (random.chance(0.05)) lines.reverse()
  return { headers: lines.join(random.chance(0.98) ? '\r\n' : '\n'), blank: random.chance(0.98) ? '\r\n\r\n' : '\n\n' }
}

const oddDispositions = [
  'form-data; name="da\\"ta"',
  'form-data; name="data',
  'form-data; name=',
  'form-data',
  'form-data; name="data"; name="other"',
  'form-data; name="other"; name="data"',
  'form-data; xname="other"; name="data"',
  'form-data; filename="; name=other"; name="data"',
  'form-data; filename="\\"; name=other; x=\\""; name="data"',
  'form-data ; name="data"',
  'form-data;name="data"',
  'form-data;  name = "data"',
  'FORM-DATA; NAME="data"',
  'attachment; name="data"',
  'form-data; name="d%61ta"',
  'form-data; name="__proto__"',
  'form-data; name="data";',
  'form-data; name="data"; filename=""',
]

function otherHeaders(random: Random): string[] {
  return [
    'Content-Transfer-Encoding: base64',
    'Content-Length: 3',
    'X-Empty:',
    'X-No-Colon',
    ': no name',
    'X-Space : before the colon',
    'X-Folded: one\r\n two',
    'Content-Disposition: form-data; name="other"',
    'Content-Type: multipart/mixed; boundary=b',
    `X-Long: ${'x'.repeat(random.between(1000, 20_000))}`,
    'X-Control: a\u0001b',
    'X-Bytes: ä\u00ff€',
    'constructor: x',
    '__proto__: x',
  ]
}

function otherField(random: Random): Field {
  const name = random.pick(['purpose', 'file', 'data[0]', 'data2', '', '__proto__', 'Data'])
  return { headers: `Content-Disposition: form-data; name="${name}"`, blank: '\r\n\r\n' }
}

function fileNameOf(random: Random): string {
  return random.pick([
    () => 'report (final).pdf',
    () => '報告書 😀.pdf',
    () => 'a%22b%0D%0A.txt',
    () => '50%.txt',
    () => 'a\\"b.txt',
    () => 'a\\b.txt',
    () => "it's; name=x",
    () => '../../etc/passwd',
    () => 'tab\tand\u0000nul',
    () => 'long-'.repeat(random.between(100, 5000)),
    () => random.text(letters, random.between(0, 300)),
  ])()
}

// THE DATA

function contentOf(random: Random, boundary: string): Buffer {
  return random.weighted([
    [6, () => random.bytes(random.between(0, 300))],
    [1, () => random.bytes(random.between(10_000, 70_000))],
    [4, () => nearBoundary(random, boundary)],
    [1, () => Buffer.from('--inner\r\nContent-Disposition: form-data; name="data"\r\n\r\nx\r\n--inner--\r\n')],
    [1, () => Buffer.from('\ufeff{"text": "näme"}\r\n')],
    [1, () => Buffer.alloc(0)],
  ])()
}

/** What looks like the end of the data, or like the beginning of that. */
function nearBoundary(random: Random, boundary: string): Buffer {
  const delimiter = `\r\n--${boundary}`
  const words = Array.from({ length: random.between(1, 12) }, () =>
    random.pick([
      () => delimiter.slice(0, random.between(1, delimiter.length - 1)),
      () => delimiter.slice(random.between(1, 4)),
      () => `\n--${boundary}`,
      () => `\r--${boundary}\r\n`,
      () => random.pick(['\r', '\n', '-', '--', '\r\n', '\r\r\n', '\r\n-', 'b', '\0']),
      () => (random.chance(0.1) ? `${delimiter}${random.pick(['x', ' ', '-', '\r', '\n', '\r\n'])}` : 'x'),
    ])(),
  )
  return Buffer.from(words.join(''))
}

// WHAT BECOMES OF IT ON THE WAY

function mutated(random: Random, bytes: Buffer, boundary: string): Buffer {
  const at = random.between(0, bytes.length)
  const length = random.between(1, 20)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  return random.weighted([
    [3, () => Buffer.concat([before, after.subarray(1)])],
    [3, () => Buffer.concat([before, Buffer.from([random.between(0, 255)]), after.subarray(1)])],
    [2, () => Buffer.concat([before, random.bytes(length), after])],
    [2, () => Buffer.concat([before, after.subarray(length)])],
    [2, () => before],
    [
      2,
      () => Buffer.concat([before, Buffer.from(random.pick(['\r\n', '\n', '\r', '--', `\r\n--${boundary}`])), after]),
    ],
    [1, () => Buffer.concat([before, after.subarray(0, length), after])],
    [1, () => Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')],
    [1, () => Buffer.from(bytes.toString('latin1').replace('\r\n\r\n', '\r\n'), 'latin1')],
    [1, () => Buffer.concat([bytes, bytes])],
  ])()
}

function cutsOf(random: Random, length: number): number[] {
  const size = random.weighted([
    [3, () => length],
    [2, () => (length < 2000 ? 1 : 1000)],
    [3, () => random.between(1, 40) + Math.floor(length / 200)],
  ])()
  const cuts: number[] = []
  for (let at = 0; at < length; at += cuts.at(-1) ?? 1) cuts.push(random.chance(0.8) ? size : random.between(1, size))
  return cuts
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const boundaryLetters = `${letters}'()+_,-./:=?`

class Random {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1
    for (let round = 0; round < 4; round += 1) this.#next()
  }

  /** Both ends included. */
  between(low: number, high: number): number {
    return low + (this.#next() % (high - low + 1))
  }

  chance(share: number): boolean {
    return this.#next() / 2 ** 32 < share
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#next() % choices.length] as T
  }

  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.#next() % choices.reduce((total, [weight]) => total + weight, 0)
    for (const [weight, choice] of choices) {
      if (left < weight) return choice
      left -= weight
    }
    throw new Error('no choice')
  }

  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.#next() % alphabet.length]).join('')
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let at = 0; at < length; at += 1) bytes[at] = this.#next() & 255
    return bytes
  }

  #next(): number {
    // xorshift32
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return this.#state >>> 0
  }
}
