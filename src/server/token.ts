/** What a token says, once its signature, upload, user and time have been checked. */
export interface UploadClaims {
  uploadId: string
  /** Size of the whole file, as declared at create. */
  bytes: number
  purpose: string
  /** Unix seconds. */
  expiresAt: number
  /** Random: one Upload's own. */
  nonce: string
  /** For `onComplete`: at most MAX_SIGNED_METADATA_BYTES as JSON. */
  metadata?: Readonly<Record<string, string>>
}

/** Most bytes of metadata as JSON that a token carries: with them it stays below MAX_TOKEN_LENGTH. */
export const MAX_SIGNED_METADATA_BYTES = 1024

interface Payload {
  v: 1
  kid: string
  up: string
  sub: string
  b: number
  p: string
  exp: number
  n: string
  m?: Record<string, string>
}

// A prefix per use keeps a signature made for one thing from passing as another.
const TOKEN_PREFIX = 'uploads-token-v1|'
const USER_PREFIX = 'uploads-user-v1|'
const KID_PREFIX = 'uploads-kid-v1|'

/** Longer than any token this module writes, and short enough to travel in a header with every part. */
const MAX_TOKEN_LENGTH = 2048

/** One secret, ready for use, under the name that its tokens carry. */
interface SigningKey {
  readonly kid: string
  readonly key: CryptoKey
}

/** The first signs; all verify, so that a secret can be changed while uploads are under way. */
export type Keyring = readonly [SigningKey, ...SigningKey[]]

export async function openKeyring([first, ...others]: readonly [string, ...string[]]): Promise<Keyring> {
  return Promise.all([openKey(first), ...others.map(openKey)])
}

/** Signs a token that binds an Upload to the user who created it: `base64url(JSON).base64url(HMAC)`. */
export async function signToken(keyring: Keyring, userId: string, claims: UploadClaims): Promise<string> {
  const [{ kid, key }] = keyring
  const payload: Payload = {
    v: 1,
    kid,
    up: claims.uploadId,
    sub: await subjectOf(key, userId),
    b: claims.bytes,
    p: claims.purpose,
    exp: claims.expiresAt,
    n: claims.nonce,
    ...(claims.metadata && { m: claims.metadata }),
  }
  const text = toBase64Url(new TextEncoder().encode(JSON.stringify(payload)))
  return `${text}.${toBase64Url(await hmac(key, TOKEN_PREFIX + text))}`
}

/** Tells the token of one Upload from that of any other. */
export function createNonce(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(12)))
}

/**
 * Reads a token; null when it is not ours, not this user's, not this upload's, or past `notBefore` (Unix seconds).
 * The reasons are not told apart, so that an answer teaches nothing to somebody who guesses.
 */
export async function verifyToken(
  keyring: Keyring,
  token: string | null,
  expected: { userId: string; uploadId: string; notBefore: number },
): Promise<UploadClaims | null> {
  if (token === null || token.length > MAX_TOKEN_LENGTH) return null
  const [text = '', signatureText = '', ...rest] = token.split('.')
  const signature = fromBase64Url(signatureText)
  if (rest.length > 0 || !signature) return null
  const payload = readPayload(text)
  // Nothing is believed yet: whatever name it carries, a signature has to fit. A name that is not ours fits none.
  const { key } = keyring.find(({ kid }) => kid === payload?.kid) ?? keyring[0]
  // subtle.verify compares in constant time.
  if (!(await crypto.subtle.verify('HMAC', key, signature, new TextEncoder().encode(TOKEN_PREFIX + text)))) return null
  if (!payload || payload.up !== expected.uploadId || payload.exp < expected.notBefore) return null
  if (payload.sub !== (await subjectOf(key, expected.userId))) return null
  const { up, b, p, exp, n, m } = payload
  return { uploadId: up, bytes: b, purpose: p, expiresAt: exp, nonce: n, ...(m && { metadata: m }) }
}

/** A hash that only the backend can make, of a text that nobody is to guess; `prefix` names its one use. */
export async function hashFor([{ key }]: Keyring, prefix: string, text: string): Promise<string> {
  return toBase64Url(await hmac(key, prefix + text))
}

/** A keyed hash: a plain one of an e-mail address could be guessed from the token. */
async function subjectOf(key: CryptoKey, userId: string): Promise<string> {
  return toBase64Url(await hmac(key, USER_PREFIX + userId))
}

/** The name comes from the secret, so that every instance knows it without being told. */
async function openKey(secret: string): Promise<SigningKey> {
  const bytes = new TextEncoder().encode(secret)
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  return { kid: toBase64Url((await hmac(key, KID_PREFIX)).slice(0, 6)), key }
}

async function hmac(key: CryptoKey, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)))
}

function readPayload(text: string): Payload | null {
  const bytes = fromBase64Url(text)
  if (!bytes) return null
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Payload> | null
    const sound =
      value?.v === 1 &&
      typeof value.kid === 'string' &&
      typeof value.up === 'string' &&
      typeof value.sub === 'string' &&
      typeof value.p === 'string' &&
      typeof value.n === 'string' &&
      Number.isSafeInteger(value.b) &&
      Number.isSafeInteger(value.exp)
    return sound ? (value as Payload) : null
  } catch {
    return null
  }
}

export function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Null unless `text` is the one spelling of its bytes: the last character has spare bits that would otherwise vary. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return toBase64Url(bytes) === text ? bytes : null
}
