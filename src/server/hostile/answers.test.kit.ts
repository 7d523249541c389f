import {
  API_KEY,
  backend,
  createBody,
  ORGANIZATION,
  type PostOptions,
  part,
  rawPart,
  remoteUpload,
  SECRET,
  UPLOAD_ID,
} from '../fixture.test.support.js'
import { createUploadsHandler, type UploadsLogEntry } from '../index.js'
import { type Attack, FILENAME, PERSON, type World } from './world.test.kit.js'

// What OpenAI answers, and what becomes of it.

const token = backend().token()
const statuses = [200, 200, 200, 200, 400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 502, 503, 301, 307]

/** An OpenAI that does its worst to get the key to the browser. */
function leaky({ random }: World): Response {
  const cut = API_KEY.slice(0, random.int(12, API_KEY.length))
  const leak = random.pick([
    `Incorrect API key provided: ${API_KEY}. Bearer ${API_KEY} ${ORGANIZATION} ${cut}`,
    `${'x'.repeat(random.int(260, 300))} ${API_KEY}`,
    `org ${ORGANIZATION} with key "${API_KEY}"\r\n${cut}***8aa`,
    API_KEY,
  ])
  const body = random.pick<unknown>([
    `<html>${leak}</html>`,
    leak,
    '',
    { error: { message: leak, type: leak, param: leak, code: leak }, key: API_KEY },
    { error: leak },
    { ...remoteUpload(), key: API_KEY, organization: ORGANIZATION },
    remoteUpload({ filename: random.pick([API_KEY, ORGANIZATION, SECRET]) }),
    remoteUpload({ purpose: `for ${ORGANIZATION}` }),
    { ...part(), key: API_KEY },
    { ...remoteUpload({ status: 'completed' }), file: { id: leak, object: 'file' }, [API_KEY]: 1 },
  ])
  const header = random.pick([API_KEY, API_KEY.repeat(5), cut])
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status: random.pick(statuses),
    headers: {
      'x-request-id': random.pick([header, 'req_1']),
      'retry-after': random.pick([header, '1']),
      'retry-after-ms': random.pick([header, '1']),
      'x-should-retry': random.pick([header, 'true']),
      'set-cookie': `a=${API_KEY}`,
      'openai-organization': ORGANIZATION,
      server: API_KEY,
      location: `https://evil.example/${API_KEY}`,
      'access-control-allow-origin': '*',
      'content-security-policy': API_KEY,
    },
  })
}

const anyCall = ({ random }: World): [string, PostOptions] =>
  random.pick<[string, PostOptions]>([
    ['', { json: createBody({ filename: FILENAME }) }],
    [`/${UPLOAD_ID}/parts`, rawPart()],
    [`/${UPLOAD_ID}/complete`, { json: { part_ids: ['part_1'], md5: '0'.repeat(32) } }],
    [`/${UPLOAD_ID}/cancel`, {}],
    ['/x', {}],
    ['', { json: { ...createBody(), key: API_KEY } }],
  ])

/** The whole handler in the worst hands: OpenAI leaks, and now and then the app's own code does. */
function leakyBackend(world: World, entries: UploadsLogEntry[] = []) {
  const { random } = world
  const secrets = `${API_KEY} ${SECRET} ${ORGANIZATION}`
  const fail = () => {
    throw new Error(`no session for ${secrets}`, { cause: new Error(secrets) })
  }
  return backend(
    {
      // The default log.
      onError: undefined as never,
      logger: (entry) => entries.push(entry),
      ...(random.chance(0.1) && { authorize: fail }),
      ...(random.chance(0.1) && { onCreate: fail }),
      ...(random.chance(0.1) && { onComplete: fail }),
      ...(random.chance(0.1) && { quotas: { createsPerMinute: 1 } }),
      ...(random.chance(0.1) && { apiKeyHeader: 'api-key' }),
      ...(random.chance(0.1) && {
        fetch: async () => {
          throw new TypeError(`fetch failed with Bearer ${API_KEY}`, { cause: new Error(API_KEY) })
        },
      }),
    },
    () => leaky(world),
  )
}

/** S1: the key, the secret and the account's ids in answers, headers and thrown errors. */
export const keyInAnswer: Attack = async (world) => {
  const [path, options] = anyCall(world)
  const reply = await world.fire(leakyBackend(world), path, { ...options, token: await token }, 'any')
  world.expect(reply.status < 500 || reply.code !== null, `${reply.status} without an envelope`)
  world.expect(!/canary/.test(reply.text.replace(FILENAME, '')), `half a key in ${reply.text.slice(0, 200)}`)
  const option = world.random.pick([{ apiKey: `${API_KEY}\n` }, { secret: [SECRET, 'short'] }, { baseURL: API_KEY }])
  try {
    createUploadsHandler({ apiKey: 'x', secret: SECRET, purposes: ['batch'], authorize: () => null, ...option })
    world.expect(false, 'unsound options were taken')
  } catch (error) {
    world.search(`${String(error)} ${JSON.stringify(error)}`, [API_KEY, SECRET])
  }
}

/** S2: the same, and tokens, persons and file names, in what is logged. */
export const keyInLog: Attack = async (world) => {
  const entries: UploadsLogEntry[] = []
  const [path, options] = anyCall(world)
  const good = world.guard(await token)
  const user = world.random.pick(['ada', PERSON])
  await world.fire(leakyBackend(world, entries), path, { ...options, user, token: good }, 'any')
  world.expect(entries.length === 1, `${entries.length} entries`)
  world.searchLogs(entries)
}

/** S9: the key goes to the address of the options, whatever is asked or answered. */
export const elsewhere: Attack = async (world) => {
  const { random } = world
  const urls: string[] = []
  const redirects: unknown[] = []
  const made = backend({
    onError: () => {},
    fetch: async (url, init) => {
      urls.push(url)
      redirects.push(init.redirect)
      if (init.body instanceof ReadableStream) await new Response(init.body).arrayBuffer()
      const location = random.pick(['https://evil.example/', '//evil.example/', '/v1/uploads', 'http://127.0.0.1/'])
      return new Response(null, { status: random.pick([301, 302, 303, 307, 308]), headers: { location } })
    },
  })
  const [path, options] = anyCall(world)
  const evil = 'https://evil.example/v1'
  const headers = Object.fromEntries(
    ['x-forwarded-host', 'x-base-url', 'openai-base-url', 'x-http-method-override', 'x-original-url', 'forwarded'].map(
      (name) => [name, evil],
    ),
  )
  const query = random.pick(['', `?baseURL=${evil}`, `#${evil}`])
  const all = { ...options, headers: { ...options.headers, ...headers }, token: await token }
  const reply = await world.fire(made, path + query, all, 'any')
  world.expect(urls.length <= 1, `${urls.length} calls`)
  for (const url of urls) world.expect(url.startsWith('https://api.openai.com/v1/uploads'), url)
  world.expect(
    redirects.every((mode) => mode === 'manual' || mode === 'error'),
    'a redirect would be followed',
  )
  world.expect(reply.headers.get('location') === null, 'location was passed on')
  world.expect(urls.length === 0 || reply.code === 'bad_response', `a redirect was answered ${reply.status}`)
}

const passed = new Set([
  'cache-control',
  'content-type',
  'cross-origin-resource-policy',
  'retry-after',
  'retry-after-ms',
  'vary',
  'allow',
  'x-content-type-options',
  'x-request-id',
  'x-should-retry',
  'x-upload-token',
])

/** S22: of OpenAI's headers only the known ones pass, and ours are always there. */
export const strayHeader: Attack = async (world) => {
  const { random } = world
  const odd = () => random.pick(['1', 'true', 'a b', '<x>', '\u00ff', '1e9', '-1', 'x'.repeat(200), 'NaN', '0x1'])
  const names = ['set-cookie', 'x-powered-by', 'link', 'refresh', 'location', 'www-authenticate', 'content-encoding']
  const made = backend({ onError: () => {} }, () => {
    const headers = new Headers()
    for (const name of [...names, ...passed, `x-${random.int(0, 1e6)}`]) headers.set(name, odd())
    return Response.json(remoteUpload(), { status: random.pick(statuses), headers })
  })
  const [path, options] = anyCall(world)
  const { headers } = await world.fire(made, path, { ...options, token: await token }, 'any')
  for (const name of headers.keys()) world.expect(passed.has(name), `${name} was passed on`)
  world.expect(headers.get('cache-control') === 'no-store', 'cacheable')
  world.expect(headers.get('x-content-type-options') === 'nosniff', 'sniffable')
  world.expect(headers.get('cross-origin-resource-policy') === 'same-origin', 'embeddable')
  world.expect(headers.get('content-type') === 'application/json', String(headers.get('content-type')))
  world.expect(/^(?:true|false)?$/.test(headers.get('x-should-retry') ?? ''), String(headers.get('x-should-retry')))
}
