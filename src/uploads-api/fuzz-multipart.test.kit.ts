import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { streamOf } from './api-caller.test.kit.js'
import { ApiError } from './errors.js'
import { type FuzzBody, fuzzBody } from './fuzz-bodies.test.kit.js'
import { readPartForm } from './multipart.js'

// The same bodies to our parser, to the platform's own, and to a reading of RFC 2046 that is too slow to use and too
// simple to be wrong.

/** Why ours may refuse what the platform takes. */
const STRICTER = {
  'boundary that RFC 2046 does not allow': ({ contentType, boundary }: FuzzBody) =>
    boundary === null || !/^[\w'()+,\-./:=? ]{1,200}$/.test(boundary) || /boundary=[^"\s;]*[\s;"]\S/i.test(contentType),
  'header line that is none': ({ bytes, boundary }: FuzzBody) =>
    headersOf(bytes, boundary).some((block) => !block.split('\r\n').every((line) => /^[^\s:]+:[^\r\n\0]*$/.test(line))),
  'more than one name': ({ bytes, boundary }: FuzzBody) =>
    headersOf(bytes, boundary).some((block) => (block.match(/;\s*name=/gi)?.length ?? 0) > 1),
  'headers above 16 KiB': ({ bytes, boundary }: FuzzBody) =>
    headersOf(bytes, boundary).some((block) => block.length > 2 ** 14),
} as const satisfies Record<string, (body: FuzzBody) => boolean>

export interface FuzzReport {
  tries: number
  /** Both took the same bytes, or both refused. */
  agreements: number
  /** Ours refused what the platform took, by the class that allows it. */
  stricter: Record<string, number>
  /** Ours took what the platform refused: by RFC 2046, with the bytes that it says. */
  byTheRfc: number
  /** Both took it, and the platform undid a `Content-Transfer-Encoding` that we leave as it is. */
  encoded: number
  /** Anything that was thrown and is no refusal. */
  crashes: number
  /** Heap in MiB after a collection: after a tenth of the bodies, and after all. */
  heap: { early: number; late: number }
  /** Resident memory at the end, in MiB. */
  rss: number
  problems: { seed: number; problem: string }[]
}

type Reading = Buffer | ApiError | Error

export async function fuzzMultipart(bodies: number, from: number): Promise<FuzzReport> {
  const report: FuzzReport = {
    tries: 0,
    agreements: 0,
    stricter: Object.fromEntries(Object.keys(STRICTER).map((name) => [name, 0])),
    byTheRfc: 0,
    encoded: 0,
    crashes: 0,
    heap: { early: 0, late: 0 },
    rss: 0,
    problems: [],
  }
  for (let seed = from; seed < from + bodies; seed += 1) {
    const problem = await compare(fuzzBody(seed), report)
    if (problem !== null) report.problems.push({ seed, problem })
    report.tries += 1
    if (report.tries === Math.ceil(bodies / 10)) report.heap.early = heapInMib()
  }
  report.heap.late = heapInMib()
  report.rss = Math.round(process.memoryUsage.rss() / 2 ** 20)
  return report
}

/** What is wrong with our reading of a body; null when nothing is. */
export async function compare(body: FuzzBody, report: FuzzReport): Promise<string | null> {
  const ours = await readByUs(body.contentType, pieces(body))
  const whole = await readByUs(body.contentType, [new Uint8Array(body.bytes)])
  if (!(ours instanceof ApiError) && !Buffer.isBuffer(ours)) {
    report.crashes += 1
    return `threw ${String(ours)}`
  }
  if (!isSame(ours, whole)) return 'is read differently when its chunks end elsewhere'
  const expected = readByRfc(body)
  if (Buffer.isBuffer(ours) && !(expected && ours.equals(expected))) return 'is taken with bytes that are not its data'

  const platform = await readByPlatform(body)
  if (platform === null || platform.length !== 1 || platform[0]?.[0] !== 'data') {
    if (Buffer.isBuffer(ours)) report.byTheRfc += 1
    else report.agreements += 1
    return Buffer.isBuffer(ours) && platform !== null ? 'is taken, and has other fields by the platform' : null
  }
  if (!Buffer.isBuffer(ours)) {
    const why = Object.entries(STRICTER).find(([, applies]) => applies(body))?.[0]
    if (why === undefined) return `is refused for no known reason: ${ours.message}`
    report.stricter[why] = (report.stricter[why] ?? 0) + 1
    return null
  }
  if (await holds(platform[0][1], ours)) report.agreements += 1
  else if (/^content-transfer-encoding:/im.test(headersOf(body.bytes, body.boundary)[0] ?? '')) report.encoded += 1
  else return 'has other bytes by the platform'
  return null
}

async function readByUs(contentType: string, chunks: Iterable<Uint8Array>): Promise<Reading> {
  const init = { method: 'POST', body: streamOf(chunks), duplex: 'half', headers: { 'content-type': contentType } }
  const data: Uint8Array[] = []
  try {
    await readPartForm(new Request('http://api/', init as RequestInit), {
      unknownFields: 'refuse',
      onData: async (chunk) => void data.push(chunk),
    })
    return Buffer.concat(data)
  } catch (error) {
    return error as Error
  }
}

/** Null when the platform refuses it. */
async function readByPlatform({ contentType, bytes }: FuzzBody): Promise<[string, FormDataEntryValue][] | null> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
    return [...form]
  } catch {
    return null
  }
}

/** The bytes of the one field `data`, by RFC 2046 and with everything at hand; null when there is no such thing. */
function readByRfc({ bytes, boundary }: FuzzBody): Buffer | null {
  if (boundary === null) return null
  const [, ...sections] = `\r\n${bytes.toString('latin1')}`.split(`\r\n--${boundary}`)
  const fields: [headers: string, data: string][] = []
  for (const section of sections) {
    if (/^--[ \t]*(\r\n|\r?$)/.test(section)) {
      const [field, ...more] = fields
      return field && more.length === 0 ? Buffer.from(field[1], 'latin1') : null
    }
    const content = /^[ \t]*\r\n([^]*)$/.exec(section)?.[1]
    if (content === undefined) return null
    const blank = content.indexOf('\r\n\r\n')
    const headers = blank === -1 ? content.replace(/\r\n$/, '') : content.slice(0, blank)
    if (!/^content-disposition:\s*form-data\s*;(.*;)?\s*name=("data"|data)\s*(;|\r|$)/im.test(headers)) return null
    fields.push([headers, blank === -1 ? '' : content.slice(blank + 4)])
  }
  return null
}

function headersOf(bytes: Buffer, boundary: string | null): string[] {
  const [, ...sections] = `\r\n${bytes.toString('latin1')}`.split(`\r\n--${boundary}`)
  return sections
    .filter((section) => !section.startsWith('--'))
    .map((section) => section.replace(/^[ \t]*\r\n/, '').split('\r\n\r\n')[0] ?? '')
}

async function holds(value: FormDataEntryValue, bytes: Buffer): Promise<boolean> {
  if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer()).equals(bytes)
  return new TextDecoder().decode(bytes) === value
}

function isSame(one: Reading, other: Reading): boolean {
  return Buffer.isBuffer(one) ? Buffer.isBuffer(other) && one.equals(other) : !Buffer.isBuffer(other)
}

function* pieces({ bytes, cuts }: FuzzBody) {
  let start = 0
  for (const length of cuts) {
    yield new Uint8Array(bytes.subarray(start, start + length))
    start += length
  }
}

function heapInMib(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10
}
