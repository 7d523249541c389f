import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UploadError } from '../protocol/index.js'
import { createUploadsApi, type UploadsApi, type UploadsApiOptions } from './api.js'
import { ApiError } from './errors.js'
import { takeFolder } from './folder-owner.js'
import type { UploadsStorage } from './storage.js'
import { createDiskStorage } from './storage-disk.js'

export interface LocalApiOptions extends UploadsApiOptions {
  /** 0 takes a free one. @default 8787 */
  port?: number | undefined
  /** The address to listen at; see `allowNetwork` for others than this machine's own. @default '127.0.0.1' */
  host?: string | undefined
  /** Lets `host` be an address that other machines reach; needs an `apiKey`. @default false */
  allowNetwork?: boolean | undefined
  /** Folder to keep everything in, across restarts; for one process at a time. @default none: all is kept in memory */
  dir?: string | undefined
}

export interface LocalApi {
  /** What a client of OpenAI takes as its base URL, `/v1` included. */
  readonly url: string
  readonly api: UploadsApi
  /** Ends all connections; resolves when the port is free again. */
  close(): Promise<void>
}

/**
 * Serves the Uploads API over HTTP, for tests and local work; resolves once it answers. Rejects when it cannot listen or
 * read its folder, and with `invalid_options` where other machines could reach it and nobody said that they may, or
 * where another process has the folder.
 */
export async function startLocalApi(options: LocalApiOptions = {}): Promise<LocalApi> {
  const { host = '127.0.0.1', dir, storage } = options
  assertPrivate(host, options)
  if (storage || dir === undefined) return serveFrom(options, storage)
  const leave = await takeFolder(dir)
  try {
    const { close, ...local } = await serveFrom(options, createDiskStorage(dir, options))
    return { ...local, close: () => close().then(leave) }
  } catch (error) {
    await leave()
    throw error
  }
}

async function serveFrom(options: LocalApiOptions, storage: UploadsStorage | undefined): Promise<LocalApi> {
  const { port = 8787, host = '127.0.0.1', apiKey } = options
  const api = createUploadsApi({ ...options, storage })
  await api.load()
  const isAllowed = apiKey === undefined ? isDirectCall : () => true
  const server = createServer((incoming, outgoing) => void serve(api, isAllowed, incoming, outgoing))
  await listen(server, port, host)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}/v1`,
    api,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const ownAddresses = new BlockList()
ownAddresses.addSubnet('127.0.0.0', 8, 'ipv4')
ownAddresses.addAddress('::1', 'ipv6')

/** Any other name may lead anywhere, and an empty one means every address there is. */
function isOwnAddress(host: string): boolean {
  const version = isIP(host)
  return version === 0 ? host === 'localhost' : ownAddresses.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

function assertPrivate(host: string, { allowNetwork = false, apiKey }: LocalApiOptions): void {
  if (isOwnAddress(host) || (allowNetwork && apiKey)) return
  throw new UploadError('invalid_options', `Other machines may reach the host '${host}', and this API is for tests.`, {
    hint: "Leave host at '127.0.0.1'. Where others have to reach it, pass allowNetwork: true and an apiKey.",
  })
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/**
 * Without a key, any page in a browser of this machine could read the Files: CORS is open, as at OpenAI, and a name
 * that resolves to 127.0.0.1 makes a foreign page same-origin. Programs send no Origin and call the address itself.
 */
function isDirectCall({ headers, socket }: IncomingMessage): boolean {
  if (headers.origin !== undefined) return false
  const { hostname } = new URL(`http://${headers.host}`)
  return hostname === 'localhost' || hostname === socket.localAddress || hostname === `[${socket.localAddress}]`
}

async function serve(
  api: UploadsApi,
  isAllowed: (incoming: IncomingMessage) => boolean,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  try {
    const response = isAllowed(incoming) ? await api.handler(requestOf(incoming, gone.signal)) : refusal()
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body) await pipeline(Readable.fromWeb(response.body as never), outgoing)
    else outgoing.end()
  } catch {
    // The caller left, or the request was none.
    outgoing.destroy()
  }
}

function refusal(): Response {
  const message =
    'Without an API key this server answers only programs that call it at its own address, not pages in a browser.'
  return Response.json(new ApiError(message, { status: 403 }).toEnvelope(), { status: 403 })
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers: incomingHeaders } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incomingHeaders)) if (value !== undefined) headers.set(name, String(value))
  const init = { method, headers, signal }
  const address = new URL(url, 'http://local')
  if (method === 'GET' || method === 'HEAD') return new Request(address, init)
  return new Request(address, { ...init, body: bodyOf(incoming), duplex: 'half' } as RequestInit)
}

/** The body as it is asked for. A handler that lets go of it has the rest read away, so that its answer arrives. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false })
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value as Uint8Array)
      },
      cancel: async () => {
        await chunks.return?.()
        incoming.resume()
      },
    },
    { highWaterMark: 0 },
  )
}
