import { backend, createBody, errorOf, type PostOptions, rawPart, START, UPLOAD_ID } from '../fixture.test.support.js'
import { openKeyring, signToken } from '../token.js'
import { type Attack, mutate, PERSON, TRAPS, type World } from './world.test.kit.js'

// Who gets in, and to what.

const friend = 'https://admin.example.com'
const made = backend({ allowedOrigins: [friend], onError: () => {} })
const good = made.token()
const verbs = ['parts', 'complete', 'cancel'] as const
const soundId = /^upload_[A-Za-z0-9_-]{1,128}$/

/** A body that its call would take. */
function bodyFor(world: World, verb: string): PostOptions {
  if (verb === 'parts') return rawPart()
  if (verb === 'complete') return { json: { part_ids: ['part_1'], md5: '0'.repeat(32) } }
  return verb === '' ? { json: createBody() } : world.random.chance(0.5) ? {} : { body: 'x' }
}

const pathOf = (id: string, verb: string) => (verb === '' ? '' : `/${id}/${verb}`)

/** S3: everything but the five routes is 404 or 405. */
export const openRelay: Attack = async (world) => {
  const { random } = world
  const method = random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'PROPFIND', 'QUERY'])
  const segment = () =>
    random.pick(['', UPLOAD_ID, 'parts', 'complete', 'cancel', 'content', 'files', '..', '.', '%2e%2e', '*', ...TRAPS])
  const path = random.chance(0.5)
    ? Array.from({ length: random.int(1, 4) }, () => `/${segment()}`).join('')
    : mutate(random, random.pick(['', `/${UPLOAD_ID}/parts`, `/${UPLOAD_ID}/complete`, `/${UPLOAD_ID}/cancel`]))
  // The platform resolves dots and encodes; what is left is what anybody would see.
  const url = new URL(`https://app.example.com/api/uploads${path}`)
  const [, api, uploads, id = '', verb, ...rest] = url.pathname.split('/')
  const ours = url.host === 'app.example.com' && api === 'api' && uploads === 'uploads'
  const known =
    (ours && url.pathname.replace(/\/$/, '') === '/api/uploads' && (method === 'GET' || method === 'POST')) ||
    (ours && method === 'POST' && rest.length === 0 && soundId.test(id) && verbs.some((name) => name === verb))
  const reply = await world.fire(made, path, { method, token: await good }, known ? 'any' : 'none')
  world.expect(known || reply.status === 404 || reply.status === 405, `${method} ${path} was answered ${reply.status}`)
}

/** S4: another's upload, and tokens that are not quite right. */
export const foreignUpload: Attack = async (world) => {
  const { random } = world
  const token = await good
  const bytes = Buffer.from(token)
  const at = random.int(0, bytes.length - 1)
  // One bit of one character; seven, so that it stays a header.
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 6))
  const flipped = /^[\x21-\x7e]+$/.test(String(bytes)) ? String(bytes) : `${token}A`
  const [text = '', signature = ''] = token.split('.')
  const payload = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>
  const forged = {
    ...payload,
    [random.pick(['up', 'sub', 'b', 'exp', 'kid', 'v'])]: random.pick([2, '', PERSON, 1e15]),
  }
  const attempt = random.pick<PostOptions & { id?: string }>([
    { token, user: 'mallory' },
    { token, user: PERSON },
    { token, id: `upload_${random.int(0, 1e9)}` },
    { token: flipped },
    { token: mutate(random, 'x'.repeat(random.int(0, 60))).replace(/[^\x20-\x7e]/g, 'x') },
    { token: `${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}` },
    { token: `${text}.` },
    { token: `.${signature}` },
    {},
  ])
  const verb = random.pick(verbs)
  const { id = UPLOAD_ID, ...options } = attempt
  const reply = await world.fire(made, pathOf(id, verb), { ...bodyFor(world, verb), ...options }, 'none')
  world.expect(reply.status === 403 && reply.code === 'token_invalid', `${JSON.stringify(attempt)}: ${reply.status}`)
}

/** S5: names that every object has. */
export const prototypeNames: Attack = async (world) => {
  const { random } = world
  const trap = random.pick(TRAPS)
  const [path, options] = random.pick<[string, PostOptions]>([
    [`/${trap}/parts`, rawPart()],
    [`/${UPLOAD_ID}/${trap}`, {}],
    [`/upload_${trap}/cancel`, { token: await good }],
    ['', { json: createBody({ purpose: trap }) }],
    ['', { json: createBody({ mime_type: trap }) }],
    ['', { json: createBody({ bytes: trap }) }],
    ['', { json: { [`${trap}`]: 1, ...createBody() } }],
    ['', { body: `{"${trap}":{"purpose":"user_data"}}`, headers: { 'content-type': 'application/json' } }],
    ['', { json: createBody({ expires_after: { anchor: trap, seconds: 3600 } }) }],
    [`/${UPLOAD_ID}/complete`, { json: { part_ids: [trap] }, token: await good }],
    [`/${UPLOAD_ID}/parts`, { ...rawPart(), token: trap }],
    ['', { json: createBody(), headers: { 'x-upload-metadata': trap } }],
  ])
  const reply = await world.fire(made, path, options, 'none')
  world.expect(reply.status >= 400 && reply.status < 500, `${trap} at ${path}: ${reply.status}`)
}

const origins = [
  'https://app.example.com',
  friend,
  'https://evil.com',
  'https://app.example.com.evil.com',
  'https://evil-app.example.com',
  'https://x.app.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://APP.example.com',
  'https://app.example.com/',
  `${friend}.evil.com`,
  'null',
  '*',
  '',
  'file://',
  'https://app.example.com, https://evil.com',
]

/** S6: a form can send its own few types; ours are not among them. */
async function formPost(world: World): Promise<void> {
  const { random } = world
  const type = random.pick(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])
  const verb = random.pick(['', 'complete'])
  const text = JSON.stringify(verb === '' ? createBody() : { part_ids: ['part_1'] })
  // The trick of a form whose one field makes its body JSON.
  const body = random.pick([text, `${text.slice(0, -1)},"a":"="}`])
  const client = random.pick([null, '1'])
  const headers = { 'content-type': type, 'x-uploads-client': client, cookie: 'session=1' }
  const reply = await world.fire(made, pathOf(UPLOAD_ID, verb), { body, headers, token: await good }, 'none')
  world.expect(reply.status === (client ? 415 : 403), `${type} at ${verb}: ${reply.status}`)
}

/** S6: a foreign page with the user's cookies. */
export const foreignPage: Attack = async (world) => {
  const { random } = world
  if (random.chance(0.2)) return formPost(world)
  const origin = random.pick([null, ...origins])
  const site = random.pick([null, 'same-origin', 'same-site', 'cross-site', 'none', 'SAME-ORIGIN', ''])
  const client = random.pick(['1', null, 'true', '0', '1, 1', ''])
  const verb = random.pick(['', ...verbs])
  const mayPass =
    client === '1' &&
    (origin === friend ||
      ((origin === null || origin === 'https://app.example.com') &&
        (site === null || site === 'same-origin' || site === 'none')))
  const headers = { origin, 'sec-fetch-site': site, 'x-uploads-client': client }
  const body = bodyFor(world, verb)
  const options = { ...body, headers: { ...body.headers, ...headers }, token: await good }
  const reply = await world.fire(made, pathOf(UPLOAD_ID, verb), options, mayPass ? 'any' : 'none')
  world.expect(mayPass === (reply.code !== 'forbidden'), `${JSON.stringify(headers)}: ${reply.status}`)
}

/** S7: no origin is let read an answer but the one that was named. */
export const foreignReader: Attack = async (world) => {
  const { random } = world
  const origin = random.chance(0.3) ? mutate(random, friend).replace(/[^\x21-\x7e]/g, 'x') : random.pick(origins)
  const method = random.pick(['OPTIONS', 'GET', 'POST'])
  const reply = await world.fire(
    made,
    random.pick(['', '/x', `/${UPLOAD_ID}/cancel`]),
    { method, headers: { origin, 'access-control-request-method': 'POST' } },
    origin === friend ? 'any' : 'none',
  )
  const allowed = reply.headers.get('access-control-allow-origin')
  world.expect(allowed === (origin === friend ? friend : null), `${origin} was allowed as ${allowed}`)
  world.expect(reply.headers.get('vary')?.includes('origin') === true, 'no vary: origin')
  const others = [...reply.headers.keys()].filter((name) => name.startsWith('access-control'))
  world.expect(origin === friend || others.length === 0, `${origin} got ${others.join()}`)
}

/** S8: ids that lead elsewhere. */
export const wanderingId: Attack = async (world) => {
  const { random } = world
  const id = random.pick([
    '..%2f..%2ffiles',
    '%2e%2e',
    '..;',
    'upload_..%2f..',
    'upload_%00',
    'upload_a%0d%0ax',
    `upload_${'x'.repeat(random.int(129, 10_000))}`,
    'upload_a\\..\\b',
    'upload_ü',
    'upload_',
    'file-1',
    'upload_a@evil.com',
    'upload_a:80',
    'upload_a%252e',
    '..;/files',
    '..%5c..%5cfiles',
    '%2e%2e%2f%2e%2e',
    'upload_a%2fparts%2f..',
    'upload_a%3fx=1',
    'upload_a%23x',
    `upload_${'x'.repeat(10_000)}`,
    mutate(random, 'upload_').replaceAll('/', '%2f'),
  ])
  const path = `/${id}/${random.pick(verbs)}`
  const seen = new URL(`https://app.example.com/api/uploads${path}`).pathname.split('/')[3] ?? ''
  if (soundId.test(seen)) return
  const reply = await world.fire(made, path, { ...rawPart(), token: await good }, 'none')
  world.expect(reply.status === 404 || reply.status === 405, `${path.slice(0, 80)}: ${reply.status}`)
}

/** S23: nothing in front of the handler, and an authorize that lets nobody in. */
export const noMiddleware: Attack = async (world) => {
  const { random } = world
  const refusal = random.pick<unknown>([null, undefined, false, 0, ''])
  const closed = backend({ authorize: () => refusal as null, onError: () => {} })
  const verb = random.pick(['', ...verbs])
  const headers = { 'x-middleware-subrequest': 'middleware', 'x-user': 'admin', authorization: 'Bearer x' }
  const body = bodyFor(world, verb)
  const options = { ...body, headers: { ...body.headers, ...headers }, token: await good }
  const reply = await world.fire(closed, pathOf(UPLOAD_ID, verb), options, 'none')
  world.expect(reply.status === 401 && reply.code === 'auth_required', `${verb}: ${reply.status}`)
}

/** S24: why a token is refused cannot be told from the answer. */
export const tokenOracle: Attack = async (world) => {
  const { random } = world
  const claims = { uploadId: UPLOAD_ID, bytes: 12, purpose: 'user_data', expiresAt: START + 3600, nonce: 'n' }
  const own = await openKeyring(['canary-secret-0123456789abcdef-0123456789abcdef'])
  const other = await openKeyring(['another-secret-another-secret-another'])
  const token = await random.pick([
    () => signToken(other, 'ada', claims),
    () => signToken(own, 'grace', claims),
    () => signToken(own, 'ada', { ...claims, uploadId: `upload_${random.int(1, 1e9)}` }),
    () => signToken(own, 'ada', { ...claims, expiresAt: START - 90_000 - random.int(0, 1e6) }),
    async () => 'x'.repeat(random.int(0, 3000)),
    async () => `${await good}.${await good}`,
  ])()
  const verb = random.pick(verbs)
  const options = { ...bodyFor(world, verb), token }
  const reply = await world.fire(made, pathOf(UPLOAD_ID, verb), options, 'none')
  const plain = await made.post(pathOf(UPLOAD_ID, verb), {})
  const headers = JSON.stringify([...plain.headers])
  const { status, message } = await errorOf(plain)
  world.expect(
    reply.status === status && reply.text.includes(message) && JSON.stringify([...reply.headers]) === headers,
    `${reply.status} ${reply.text}`,
  )
}
