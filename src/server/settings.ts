import {
  EXPIRES_AFTER_SECONDS,
  MAX_PART_BYTES,
  MAX_UPLOAD_BYTES,
  PURPOSES,
  type Purpose,
  UploadError,
  type UploadPolicy,
} from '../protocol/index.js'
import type { Credential, Secrets, SenderLimits, UploadsHandlerOptions, UploadsQuotas } from './options.js'
import { createMemoryStore, type UploadsStore } from './store.js'
import { type Keyring, openKeyring } from './token.js'

/** The options once checked, with every default in place. */
export interface Settings {
  readonly authorize: UploadsHandlerOptions['authorize']
  readonly onCreate: UploadsHandlerOptions['onCreate']
  readonly onComplete: UploadsHandlerOptions['onComplete']
  /** Without a slash at its end; '' is the root. */
  readonly basePath: string
  /** Without a slash at its end. */
  readonly baseURL: string
  /** Of every call, with its question mark; '' without one. */
  readonly query: string
  readonly apiKeyHeader: 'authorization' | 'api-key'
  readonly accountHeaders: Readonly<Record<string, string>>
  readonly policy: UploadPolicy
  readonly expiresAfter: number | null
  /** Null when nothing is remembered. */
  readonly store: UploadsStore | null
  readonly quotas: UploadsQuotas
  readonly senderLimits: Required<SenderLimits>
  readonly allowedOrigins: ReadonlySet<string>
  readonly fetch: NonNullable<UploadsHandlerOptions['fetch']>
  readonly now: () => number
  readonly setTimer: NonNullable<UploadsHandlerOptions['setTimer']>
  readonly logger: UploadsHandlerOptions['logger']
  readonly onError: UploadsHandlerOptions['onError']
  /** Both throw `invalid_options` when a function has nothing usable to give. */
  readonly apiKey: () => Promise<string>
  readonly keyring: () => Promise<Keyring>
  /** What must not be printed: the key and the secrets as last seen, and the account's ids. */
  readonly hidden: () => string[]
}

const MIN_SECRET_BYTES = 32

const DEFAULT_SENDER_LIMITS: Required<SenderLimits> = {
  idleSeconds: 30,
  bytesPerSecond: 1000,
  totalSeconds: 900,
}

export function readOptions(options: UploadsHandlerOptions): Settings {
  if (typeof options !== 'object' || options === null)
    invalid('options', 'createUploadsHandler() needs an options object.')
  if (typeof options.authorize !== 'function') {
    invalid('authorize', 'Pass authorize: (request) => ({ userId }) or null, so that only your users can upload.')
  }
  // Another API has limits of its own: Azure takes files of 9 GB.
  const ceiling = (own: number) => (options.baseURL === undefined ? own : Number.MAX_SAFE_INTEGER)
  const maxBytes = limit('maxBytes', options.maxBytes, ceiling(MAX_UPLOAD_BYTES)) ?? MAX_UPLOAD_BYTES
  const maxPartBytes = limit('maxPartBytes', options.maxPartBytes, ceiling(MAX_PART_BYTES)) ?? MAX_PART_BYTES
  const apiKey = credential('apiKey', options.apiKey, checkApiKey)
  const secrets = credential('secret', options.secret, checkSecret)
  const accountHeaders = readAccountHeaders(options)
  return {
    authorize: options.authorize,
    onCreate: hook('onCreate', options.onCreate),
    onComplete: hook('onComplete', options.onComplete),
    basePath: readBasePath(options.basePath ?? '/api/uploads'),
    baseURL: readBaseURL(options.baseURL ?? 'https://api.openai.com/v1'),
    query: readApiVersion(options.apiVersion),
    apiKeyHeader: readApiKeyHeader(options.apiKeyHeader ?? 'authorization'),
    accountHeaders,
    policy: {
      purposes: readPurposes(options.purposes),
      accept: readAccept(options.accept),
      maxBytes,
      maxPartBytes,
      concurrency: limit('concurrency', options.concurrency, 100),
    },
    expiresAfter: readExpiresAfter(options.expiresAfter),
    store: readStore(options),
    quotas: readQuotas(options.quotas),
    senderLimits: readSenderLimits(options.senderLimits),
    allowedOrigins: readOrigins(options.allowedOrigins ?? []),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: options.now ?? Date.now,
    setTimer: options.setTimer ?? startTimer,
    logger: hook('logger', options.logger),
    onError: hook('onError', options.onError),
    apiKey: async () => (await apiKey.read())[0],
    keyring: rememberKeyring(secrets.read),
    hidden: () => [...apiKey.lastSeen(), ...secrets.lastSeen(), ...Object.values(accountHeaders)],
  }
}

function startTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/** A hook that is no function would fail at the first upload instead of now. */
function hook<T>(name: string, value: T): T {
  if (value !== undefined && typeof value !== 'function') invalid(name, 'Pass a function, or leave it out.')
  return value
}

function invalid(option: string, fix: string): never {
  throw new UploadError('invalid_options', `createUploadsHandler: invalid \`${option}\`. ${fix}`, { hint: fix })
}

type Texts = readonly [string, ...string[]]

interface CheckedCredential {
  read: () => Promise<Texts>
  /** Empty before the first read of a function. */
  lastSeen: () => readonly string[]
}

/** A text is checked now; a function is checked whenever it answers. */
function credential(name: string, value: Credential | Secrets, check: (text: string) => void): CheckedCredential {
  let seen: readonly string[] = []
  const accept = (given: unknown, fix: string): Texts => {
    const texts: unknown[] = Array.isArray(given) ? given : [given]
    if (!isTexts(texts)) invalid(name, fix)
    seen = texts
    texts.forEach(check)
    return texts
  }
  if (typeof value !== 'function') {
    const fix = `Pass a string, or a function that reads it at the first request: ${name}: () => process.env.…`
    const texts = accept(value, fix)
    return { read: async () => texts, lastSeen: () => seen }
  }
  const fix = `The ${name} function returned nothing. Is the environment variable set where the server runs?`
  return { read: async () => accept(await value(), fix), lastSeen: () => seen }
}

function isTexts(values: readonly unknown[]): values is Texts {
  return values.length > 0 && values.every((value) => typeof value === 'string' && value !== '')
}

/** Opens a keyring anew only when the secrets have changed. */
function rememberKeyring(read: () => Promise<Texts>): () => Promise<Keyring> {
  let last: { texts: Texts; keyring: Promise<Keyring> } | null = null
  return async () => {
    const texts = await read()
    if (last?.texts.length !== texts.length || !last.texts.every((text, index) => text === texts[index])) {
      last = { texts, keyring: openKeyring(texts) }
    }
    return last.keyring
  }
}

/** A key with a line break would be quoted by the runtime's own error about header values, so it stops here. */
function checkApiKey(key: string): void {
  if (!/^[\x21-\x7e]+$/.test(key)) invalid('apiKey', 'It holds a space, a line break or a character outside ASCII.')
}

function checkSecret(secret: string): void {
  if (new TextEncoder().encode(secret).length < MIN_SECRET_BYTES) {
    invalid('secret', `It needs at least ${MIN_SECRET_BYTES} bytes. Make one with: openssl rand -base64 32`)
  }
}

function readPurposes(purposes: readonly Purpose[]): readonly Purpose[] {
  const known: readonly string[] = PURPOSES
  if (!Array.isArray(purposes) || purposes.length === 0 || !purposes.every((purpose) => known.includes(purpose))) {
    invalid('purposes', `Pass at least one of ${PURPOSES.map((purpose) => `'${purpose}'`).join(', ')}.`)
  }
  return [...purposes]
}

function readAccept(accept: readonly string[] | undefined): readonly string[] | null {
  if (accept === undefined) return null
  const entry = /^(?:\.[^\s/]+|\*|\*\/\*|[^\s/]+\/[^\s/]+)$/
  if (
    !Array.isArray(accept) ||
    accept.length === 0 ||
    !accept.every((text) => typeof text === 'string' && entry.test(text))
  ) {
    invalid('accept', "Pass extensions or MIME types, such as ['.pdf', 'text/csv', 'image/*'], or leave it out.")
  }
  return [...accept]
}

function limit(name: string, value: number | undefined, max: number): number | null {
  if (value === undefined) return null
  if (!Number.isSafeInteger(value) || value < 1 || value > max) invalid(name, `Pass a whole number from 1 to ${max}.`)
  return value
}

const quotaNames: ReadonlySet<string> = new Set<keyof UploadsQuotas>([
  'createsPerMinute',
  'openUploads',
  'bytesPerDay',
  'partsAtOnce',
])

function readQuotas(quotas: UploadsQuotas | undefined): UploadsQuotas {
  for (const [name, value] of Object.entries(quotas ?? {})) {
    // A misspelt quota would be none at all.
    if (!quotaNames.has(name)) invalid('quotas', `There are ${[...quotaNames].join(', ')}.`)
    limit(`quotas.${name}`, value, Number.MAX_SAFE_INTEGER)
  }
  return { ...quotas }
}

function readSenderLimits(given: SenderLimits = {}): Required<SenderLimits> {
  const read = (name: keyof SenderLimits) =>
    limit(`senderLimits.${name}`, given[name], Number.MAX_SAFE_INTEGER) ?? DEFAULT_SENDER_LIMITS[name]
  return {
    idleSeconds: read('idleSeconds'),
    bytesPerSecond: read('bytesPerSecond'),
    totalSeconds: read('totalSeconds'),
  }
}

function readStore({ quotas, store, now = Date.now }: UploadsHandlerOptions): UploadsStore | null {
  const methods = ['count', 'hold', 'release', 'get', 'put', 'delete'] as const
  if (store && !methods.every((method) => typeof store[method] === 'function')) {
    invalid('store', `Pass an object with ${methods.join(', ')}, such as createMemoryStore().`)
  }
  return store ?? (quotas ? createMemoryStore({ now }) : null)
}

function readExpiresAfter(seconds: number | undefined): number | null {
  if (seconds === undefined) return null
  const { min, max } = EXPIRES_AFTER_SECONDS
  if (!Number.isSafeInteger(seconds) || seconds < min || seconds > max) {
    invalid('expiresAfter', `Pass whole seconds from ${min} (an hour) to ${max} (thirty days).`)
  }
  return seconds
}

function readBasePath(basePath: string): string {
  if (typeof basePath !== 'string' || !/^\/[^?#\s]*$/.test(basePath)) {
    invalid('basePath', "Pass the path that the browser calls, such as '/api/uploads'.")
  }
  return basePath.replace(/\/$/, '')
}

function readBaseURL(baseURL: string): string {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : null
  const plain = url && !url.username && !url.password && !url.search && !url.hash
  // The key travels in a header, so it must not cross a network in the clear.
  if (!plain || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))) {
    invalid('baseURL', "Pass an https URL without user, query or hash, such as 'https://api.openai.com/v1'.")
  }
  let { href } = url
  while (href.endsWith('/')) href = href.slice(0, -1)
  return href
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function readApiKeyHeader(header: 'authorization' | 'api-key'): 'authorization' | 'api-key' {
  if (header !== 'authorization' && header !== 'api-key') invalid('apiKeyHeader', "Pass 'authorization' or 'api-key'.")
  return header
}

function readApiVersion(version: string | undefined): string {
  if (version === undefined) return ''
  if (typeof version !== 'string' || !/^[\w.-]{1,64}$/.test(version)) {
    invalid('apiVersion', "Pass the version as Azure names it, such as '2024-10-21' or 'preview'.")
  }
  return `?api-version=${version}`
}

function readAccountHeaders(options: UploadsHandlerOptions): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [option, header] of [
    ['organization', 'openai-organization'],
    ['project', 'openai-project'],
  ] as const) {
    const value = options[option]
    if (value === undefined) continue
    if (typeof value !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(value))
      invalid(option, 'Pass the id as OpenAI shows it.')
    headers[header] = value
  }
  return headers
}

function readOrigins(origins: readonly string[]): ReadonlySet<string> {
  const exact = (origin: string) => URL.canParse(origin) && new URL(origin).origin === origin
  if (!Array.isArray(origins) || !origins.every((origin) => typeof origin === 'string' && exact(origin))) {
    invalid('allowedOrigins', "Pass exact origins without a path, such as 'https://app.example.com'; '*' is refused.")
  }
  return new Set(origins)
}
