import { encodeMetadata } from '../../protocol/index.js'
import {
  API_KEY,
  backend,
  createBody,
  ORGANIZATION,
  type PostOptions,
  rawPart,
  type SeenCall,
  UPLOAD_ID,
} from '../fixture.test.support.js'
import { type Attack, mutate, TRAPS, type World } from './world.test.kit.js'

// What a user who was let in sends.

const made = backend({ onError: () => {}, accept: ['*'] })
const good = made.token()
const PARTS = `/${UPLOAD_ID}/parts`
let sent: SeenCall | undefined
/** The last call that OpenAI got; `fire` forgets them. */
const watched = backend({
  onError: () => {},
  accept: ['*'],
  fetch: async (url, init) => {
    const request = new Request(url, init)
    sent = { url, init, headers: Object.fromEntries(request.headers), body: await request.text() }
    return made
      .handler(new Request('https://app.example.com/api/uploads'))
      .then(() => Response.json({ object: 'upload', id: UPLOAD_ID }))
  },
})
const lastCall = (): SeenCall | undefined => {
  const call = sent
  sent = undefined
  return call
}

/** S10: headers that would steer what goes to OpenAI. */
export const smuggledHeader: Attack = async (world) => {
  const { random } = world
  const known = ['cookie', 'authorization', 'te', 'upgrade', 'trailer', 'api-key', 'openai-organization', 'user-agent']
  const names = ['proxy-authorization', 'x-forwarded-for', 'forwarded', 'accept', 'accept-encoding', 'via', 'expect']
  const headers: Record<string, string> = {}
  for (let count = random.int(1, 200); count > 0; count -= 1) headers[`x-hostile-${random.int(0, 1e6)}`] = 'hostile'
  for (const name of [...known, ...names]) if (random.chance(0.5)) headers[name] = 'hostile'
  const [path, options, wanted] = random.pick<[string, PostOptions, string[]]>([
    ['', { json: createBody() }, ['content-type']],
    [PARTS, rawPart(), ['content-length', 'content-type']],
    [`/${UPLOAD_ID}/cancel`, {}, []],
  ])
  await world.fire(watched, path, { ...options, headers: { ...headers, ...options.headers }, token: await good }, 'any')
  const call = lastCall()
  const names2 = Object.keys(call?.headers ?? {}).sort()
  const expected = ['accept', 'authorization', 'openai-organization', ...wanted].sort()
  world.expect(names2.join() === expected.join(), `OpenAI saw ${names2.join()}`)
  world.expect(call?.headers.authorization === `Bearer ${API_KEY}`, 'another key')
  world.expect(call?.headers['openai-organization'] === ORGANIZATION, 'another organization')
}

/** A body that is made only while somebody reads it. */
function lazy(chunks: number, size: number) {
  const state = { pulled: 0, let_go: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.pulled === chunks) {
          state.let_go = true
          return controller.close()
        }
        state.pulled += size
        controller.enqueue(new Uint8Array(size).fill(0x20))
      },
      cancel() {
        state.let_go = true
      },
    },
    { highWaterMark: 0 },
  )
  return { state, body }
}

const encodings = ['gzip', 'br', 'deflate', 'zstd', 'x', 'gzip, gzip', 'GZIP']

/** S11: bodies without end, and lengths that lie. */
export const bodyBomb: Attack = async (world) => {
  const { random } = world
  if (random.chance(0.3)) return cutBody(world)
  const size = random.pick([1000, 16_384, 65_536])
  const { state, body } = lazy(Number.POSITIVE_INFINITY, size)
  const { headers } = rawPart()
  const multipart = 'multipart/form-data; boundary=x'
  const json = 'application/json'
  const length = random.pick(['1', '12', '13', '999999999', '-1', '1e3', '0x10', '12, 12', ''])
  const [path, sentHeaders, most] = random.pick<[string, Record<string, string | null>, number]>([
    ['', { 'content-type': json }, 16_384],
    ['', { 'content-type': json, 'content-length': length }, 16_384],
    [`/${UPLOAD_ID}/complete`, { 'content-type': json, 'content-length': '999999999' }, 0],
    [PARTS, { ...headers }, 12],
    [PARTS, { ...headers, 'content-length': length }, 12],
    [PARTS, { 'content-type': multipart }, 65_536 + 12],
    [PARTS, { 'content-type': multipart, 'content-length': length || null }, 65_536 + 12],
    ['', { 'content-type': json, 'content-encoding': random.pick(encodings) }, 0],
    [PARTS, { ...headers, 'content-encoding': random.pick(encodings) }, 0],
  ])
  const reply = await world.fire(made, path, { body, headers: sentHeaders, token: await good }, 'none')
  world.expect(reply.status >= 400 && reply.status < 500, `a bomb was answered ${reply.status}`)
  world.expect(state.pulled <= most + 2 * size, `${state.pulled} bytes were read, ${most} are enough`)
  world.expect(state.let_go, 'the sender was not told to stop')
}

/** S11: bodies that were cut on the way, with or without a word: none may look whole to OpenAI. */
export const cutBody: Attack = async (world) => {
  const { random } = world
  const raw = random.chance(0.5)
  const whole = raw
    ? 'hello world!'
    : `--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n${'a'.repeat(random.int(1, 12))}\r\n--x--\r\n`
  // The line break after the last boundary is none of the part's bytes.
  const body = whole.slice(0, random.int(0, raw ? 11 : whole.length - 3))
  const announced = random.pick([null, String(body.length), String(whole.length)])
  const headers = raw ? rawPart().headers : { 'content-type': 'multipart/form-data; boundary=x' }
  const sent = random.chance(0.5) ? body : new Blob([body]).stream()
  const options = { body: sent, headers: { ...headers, 'content-length': announced }, token: await good }
  const reply = await world.fire(made, PARTS, options, 'none')
  world.expect(reply.code === 'part_incomplete', `${body.length} of ${whole.length} bytes: ${reply.status}`)
}

/** S13: multipart that is none. It passes as it is, or not at all. */
export const brokenMultipart: Attack = async (world) => {
  const { random } = world
  const lines = [
    '--x',
    '--x--',
    '--',
    '',
    'Content-Disposition: form-data; name="data"',
    'a: b',
    '\u0000',
    ': :',
    '--y',
  ]
  const body = Array.from({ length: random.int(0, 40) }, () => random.pick(lines)).join(random.pick(['\r\n', '\n', '']))
  const type = random.pick([
    'multipart/form-data; boundary=x',
    'multipart/form-data; boundary="x"',
    mutate(random, 'multipart/form-data; boundary=x').replace(/[^\x20-\xff]/g, 'x'),
    `multipart/form-data; boundary=${'x'.repeat(random.int(60, 90))}`,
    'multipart/form-data; boundary=x; boundary=y',
    'multipart/form-data;boundary=x\u00ff',
  ])
  const options = { body, headers: { 'content-type': type }, token: await good }
  const reply = await world.fire(watched, PARTS, options, 'any')
  const call = lastCall()
  const refused = reply.status === 415 || (reply.status === 400 && reply.code === 'part_incomplete')
  world.expect(refused || reply.status === 200 || reply.status === 502, `${type}: ${reply.status}`)
  world.expect(!refused || !call, `${type} was refused, and reached OpenAI`)
  world.expect(!call || call.body === body, 'the body was changed')
  world.expect(
    !call || /^multipart\/form-data; ?boundary=[\w"'()+,./:=? -]+$/i.test(call.headers['content-type'] ?? ''),
    type,
  )
}

const boundaries = new Set<string>()

/** S14: a part that tries to end its own frame. */
export const guessedBoundary: Attack = async (world) => {
  const { random } = world
  // Whoever drew from Math.random would draw the same each time.
  const { random: real } = Math
  const guess = random.pick([...boundaries, 'upload-00000000000000000000000000000000', ''])
  const body = `\r\n--${guess}--\r\n--${guess}\r\n`
  const options = { ...rawPart(body.slice(0, 12).padEnd(12), '0-11/12'), token: await good }
  Math.random = () => 0.5
  try {
    await world.fire(watched, PARTS, options, 'any')
  } finally {
    Math.random = real
  }
  const boundary = /boundary=(.+)$/.exec(lastCall()?.headers['content-type'] ?? '')?.[1] ?? ''
  world.expect(/^upload-[0-9a-f]{32}$/.test(boundary), `boundary ${boundary}`)
  world.expect(!boundaries.has(boundary), 'a boundary came twice')
  boundaries.add(boundary)
}

/** S16: names that lead, lie or break lines. */
export const hostileFilename: Attack = async (world) => {
  const { random } = world
  const pieces = [
    '../',
    '..\\',
    '/etc/passwd',
    'C:\\',
    '\u0000',
    '\r\n',
    '"',
    ';',
    'a',
    '.txt',
    '.exe',
    '\u202e',
    '\u2066',
  ]
  const more = [
    '\u200f',
    '\u061c',
    '\ufeff',
    '\u2028',
    'e\u0301',
    '\ud800',
    '👩‍💻',
    '%0d%0a',
    '<img onerror=x>',
    ' ',
    '.',
  ]
  const raw = Array.from({ length: random.int(1, 12) }, () => random.pick([...pieces, ...more, ...TRAPS])).join('')
  const long = random.chance(0.1) ? `${'é'.repeat(random.int(100, 400))}.jsonl` : ''
  const reply = await world.fire(watched, '', { json: createBody({ filename: raw + long }) }, 'any')
  const call = lastCall()
  if (!call)
    return world.expect(reply.status === 400 || reply.status === 413, `${JSON.stringify(raw)}: ${reply.status}`)
  const { filename } = JSON.parse(call.body) as { filename: string }
  world.expect(
    !/[/\\\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u.test(filename),
    JSON.stringify(filename),
  )
  world.expect(filename === filename.normalize('NFC') && !/^\.*$/.test(filename), JSON.stringify(filename))
  world.expect(new TextEncoder().encode(filename).length <= 255, `${filename.length} characters`)
}

/** S17: types that only look like the ones that are taken. */
export const spoofedType: Attack = async (world) => {
  const { random } = world
  const strict = backend({ onError: () => {}, accept: ['.pdf', 'text/csv', 'image/*'] })
  const filename = `a${random.pick(['', '.pdf', '.PDF', '.pdf.exe', '.csv', '.png', '.html', '.pdfx', '.exe', '.'])}`
  const mime_type = random.pick([
    ...['application/pdf', 'text/csv', 'text/csvx', 'TEXT/CSV', 'image/png', 'imagexyz/png', 'image', 'image/', '*/*'],
    ...['text/html', 'text/csv; charset=utf-8', 'text/csv, image/png', 'ximage/png', 'text/csv\r\nx: y', '', 'image/*'],
  ])
  const reply = await world.fire(strict, '', { json: createBody({ filename, mime_type }) }, 'any')
  const sound = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?charset=utf-8)?$/.test(mime_type)
  const extension = /[^.](\.[^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? ''
  // What an extension stands for goes before what is claimed; the claim counts where it stands for nothing.
  const known: Record<string, boolean> = { '.pdf': true, '.csv': true, '.png': true, '.html': false }
  const claimed = /^(?:text\/csv(?:;.*)?|image\/.+)$/i.test(mime_type)
  const may = sound && (known[extension] ?? claimed)
  world.expect((reply.status === 200) === may, `${filename} as ${mime_type}: ${reply.status}`)
  world.expect(may || reply.calls === 0, `${filename} as ${mime_type} reached OpenAI`)
}

/** S18: brackets as deep as two megabytes let them be, where so much is taken. */
async function deepJson(world: World): Promise<void> {
  const { random } = world
  const depth = random.pick([10_000, 100_000, 300_000])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const)
  const deep = open.repeat(depth) + random.pick(['', `1${close.repeat(depth)}`])
  const body = random.pick([deep, `{"part_ids":${deep}}`, `{"part_ids":["part_1"],"md5":${deep}}`])
  const options = { body, headers: { 'content-type': 'application/json' }, token: await good }
  const reply = await world.fire(made, `/${UPLOAD_ID}/complete`, options, 'none')
  world.expect(reply.status === 400 || reply.status === 413, `${depth} deep: ${reply.status}`)
}

/** S18: JSON that would change what objects are. */
export const pollutedJson: Attack = async (world) => {
  const { random } = world
  if (random.chance(0.2)) return deepJson(world)
  const trap = random.pick(TRAPS)
  const depth = random.int(1, 5000)
  const base = JSON.stringify(createBody()).slice(1)
  const body = random.pick([
    `{"__proto__":{"purpose":"batch","polluted":true},${base}`,
    `{"constructor":{"prototype":{"polluted":true}},${base}`,
    `{"${trap}":{"polluted":1},${base}`,
    `{"purpose":"batch",${base}`,
    `{"expires_after":{"__proto__":{"anchor":"created_at","seconds":3600}},${base}`,
    `{"expires_after":{"anchor":"created_at","seconds":3600,"${trap}":1},${base}`,
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    `{"bytes":1e400,${base}`,
    `{"filename":"\\ud800\\u0000",${base}`,
    mutate(random, `{${base}`),
    'null',
    '"x"',
  ])
  const metadata = random.chance(0.3) ? { 'x-upload-metadata': Buffer.from(body).toString('base64url') } : {}
  const options = { body, headers: { 'content-type': 'application/json', ...metadata } }
  const reply = await world.fire(watched, '', options, 'any')
  const call = lastCall()
  world.expect(reply.status < 500 || reply.status === 502, `${body.slice(0, 60)}: ${reply.status}`)
  world.expect(!('polluted' in {}), 'Object.prototype was changed')
  if (!call) return
  const fields = Object.keys(JSON.parse(call.body) as object).sort()
  const all = ['bytes', 'expires_after', 'filename', 'mime_type', 'purpose']
  world.expect(fields.every((field) => all.includes(field)) && fields.length >= 4, `OpenAI saw ${fields.join()}`)
  world.expect(call.body.includes('"user_data"'), 'another purpose')
}

/** Ms that the slowest of S19 took: printed, and not judged. */
export const slowest = { ms: 0, characters: 0 }

/** S19: texts that make careless patterns count for ever; each would outlast the test. */
export const slowPattern: Attack = async (world) => {
  const { random } = world
  const size = random.pick([1000, 1000, 10_000, 10_000, 100_000, random.chance(0.1) ? 1_000_000 : 1000])
  const unit = random.pick([
    'a',
    '0',
    '.',
    '-',
    ' ',
    '; a=b',
    'a/',
    'boundary=',
    '"',
    "'",
    '(',
    '%',
    '=',
    '1.',
    ',',
    'é',
  ])
  const text = unit.repeat(Math.ceil(size / unit.length))
  const header = text.replace(/[^\x21-\x7e ]/g, 'e')
  const { headers } = rawPart()
  const [path, options] = random.pick<[string, PostOptions]>([
    [PARTS, { ...rawPart(), token: header }],
    [PARTS, { ...rawPart(), token: `${header}.${header}` }],
    [PARTS, { body: 'x', headers: { ...headers, 'x-upload-range': header }, token: await good }],
    [PARTS, { body: 'x', headers: { 'content-type': `multipart/form-data; boundary=${header}` }, token: await good }],
    [PARTS, { body: 'x', headers: { 'content-type': header }, token: await good }],
    [PARTS, { body: 'x', headers: { ...headers, 'content-length': header }, token: await good }],
    ['', { json: createBody(), headers: { 'x-upload-metadata': header } }],
    ['', { json: createBody(), headers: { 'x-upload-key': header } }],
    ['', { json: createBody(), headers: { 'x-upload-metadata': encodeMetadata({ a: text }) } }],
    ['', { body: '{}', headers: { 'content-type': `application/json${header}` } }],
    ['', { json: createBody({ filename: text.slice(0, 8000) + random.pick(['', '/', '.', '\u0000']) }) }],
    ['', { json: createBody({ mime_type: text.slice(0, 8000) }) }],
    ['', { json: createBody(), headers: { origin: `https://${header}` } }],
    [`/${UPLOAD_ID}/complete`, { json: { part_ids: ['part_1'], md5: text }, token: await good }],
    [`/${UPLOAD_ID}/complete`, { json: { part_ids: [`part_${text}`] }, token: await good }],
  ])
  const startedAt = performance.now()
  const reply = await world.fire(made, path, options, 'any')
  const ms = performance.now() - startedAt
  if (ms > slowest.ms) Object.assign(slowest, { ms, characters: text.length })
  world.expect(reply.status < 500, `${unit} x ${size}: ${reply.status}`)
}
