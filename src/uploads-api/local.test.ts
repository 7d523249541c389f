import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, toFile } from 'openai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { UploadError } from '../protocol/index.js'
import { createTestClock } from './api-caller.test.kit.js'
import { createDiskStorage, type LocalApi, type LocalApiOptions, startLocalApi } from './local.js'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'local-api-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function start(options: LocalApiOptions = {}): Promise<LocalApi & { client: OpenAI }> {
  const local = await startLocalApi({ port: 0, ...options })
  cleanups.push(() => local.close())
  const client = new OpenAI({ apiKey: options.apiKey ?? 'sk-any', baseURL: local.url, maxRetries: 0 })
  return { ...local, client }
}

const book = { filename: 'book.txt', purpose: 'user_data', mime_type: 'text/plain' } as const

describe('the official openai package', () => {
  it('uploads a file in Parts, and reads the same bytes back', async () => {
    const { client } = await start({ dir: await temporaryFolder() })
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251))
    const upload = await client.uploads.create({ ...book, bytes: bytes.length })
    const part_ids: string[] = []
    for (const [start, end] of [
      [0, 100_000],
      [100_000, 250_001],
      [250_001, 300_000],
    ] as const) {
      const data = await toFile(bytes.subarray(start, end), 'part')
      const part = await client.uploads.parts.create(upload.id, { data })
      expect(part).toMatchObject({ object: 'upload.part', upload_id: upload.id })
      part_ids.push(part.id)
    }
    const md5 = createHash('md5').update(bytes).digest('hex')
    const completed = await client.uploads.complete(upload.id, { part_ids, md5 })
    expect(completed.status).toBe('completed')
    const fileId = completed.file?.id ?? ''
    expect(await client.files.retrieve(fileId)).toMatchObject({ id: fileId, bytes: bytes.length, filename: 'book.txt' })
    const content = await (await client.files.content(fileId)).arrayBuffer()
    expect(bytes.equals(Buffer.from(content))).toBe(true)
    expect(await client.files.delete(fileId)).toEqual({ id: fileId, object: 'file', deleted: true })
    await expect(client.files.retrieve(fileId)).rejects.toBeInstanceOf(NotFoundError)
  })

  it('sends Parts as streams without a length, and with file names of any language', async () => {
    const { client, api } = await start()
    const upload = await client.uploads.create({ ...book, bytes: 8 })
    const first = await client.uploads.parts.create(upload.id, { data: new File(['once'], '報告書 "1".txt') })
    const streamed = new Response(
      new ReadableStream({
        start: (controller) => {
          controller.enqueue(Buffer.from('up'))
          controller.enqueue(Buffer.from('on'))
          controller.close()
        },
      }),
    )
    const second = await client.uploads.parts.create(upload.id, { data: await toFile(streamed, 'part') })
    const { file } = await client.uploads.complete(upload.id, { part_ids: [first.id, second.id] })
    expect(Buffer.from(await api.readFile(file?.id ?? '')).toString()).toBe('onceupon')
  })

  it('lists Files over several pages', async () => {
    const clock = createTestClock()
    const { client } = await start({ clock })
    const names = ['a.txt', 'b.txt', 'c.txt']
    for (const filename of names) {
      const upload = await client.uploads.create({ ...book, filename, bytes: 1 })
      const part = await client.uploads.parts.create(upload.id, { data: new File(['x'], 'part') })
      await client.uploads.complete(upload.id, { part_ids: [part.id] })
      clock.advance(1)
    }
    const listed: string[] = []
    for await (const file of client.files.list({ limit: 2 })) listed.push(file.filename)
    expect(listed).toEqual(names.toReversed())
  })

  it('cancels an Upload, and is told that it takes no more Parts', async () => {
    const { client } = await start()
    const upload = await client.uploads.create({ ...book, bytes: 4 })
    expect((await client.uploads.cancel(upload.id)).status).toBe('cancelled')
    const refused = client.uploads.parts.create(upload.id, { data: new File(['tale'], 'part') })
    await expect(refused).rejects.toBeInstanceOf(BadRequestError)
    await expect(refused).rejects.toMatchObject({ status: 400, type: 'invalid_request_error', param: 'id' })
  })

  it('turns each refusal into its own class of error, with the request id', async () => {
    const { client, url } = await start({ apiKey: 'sk-right' })
    await expect(client.uploads.cancel('upload_none')).rejects.toBeInstanceOf(NotFoundError)
    await expect(client.uploads.create({ ...book, bytes: -1 })).rejects.toMatchObject({
      status: 400,
      param: 'bytes',
      requestID: expect.stringMatching(/^req_/),
    })
    const stranger = new OpenAI({ apiKey: 'sk-wrong', baseURL: url, maxRetries: 0 })
    const refused = stranger.files.list()
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
    await expect(refused).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
  })

  it('does not lose bytes silently: an unnamed Blob, which it sends as an empty form, is refused', async () => {
    const { client } = await start()
    const upload = await client.uploads.create({ ...book, bytes: 4 })
    const data = new Blob(['tale']) as File
    await expect(client.uploads.parts.create(upload.id, { data })).rejects.toBeInstanceOf(BadRequestError)
  })
})

describe('the local server', () => {
  it('finds everything again after a restart', async () => {
    const dir = await temporaryFolder()
    const first = await start({ dir })
    const upload = await first.client.uploads.create({ ...book, bytes: 8 })
    const once = await first.client.uploads.parts.create(upload.id, { data: new File(['once'], 'part') })
    await first.close()
    const second = await start({ dir })
    const upon = await second.client.uploads.parts.create(upload.id, { data: new File(['upon'], 'part') })
    const { file } = await second.client.uploads.complete(upload.id, { part_ids: [once.id, upon.id] })
    expect(Buffer.from(await second.api.readFile(file?.id ?? '')).toString()).toBe('onceupon')
  })

  it('leaves a folder to the process that has it, and takes over from one that has died', async () => {
    const dir = await temporaryFolder()
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    cleanups.push(async () => owner.kill('SIGKILL'))
    await writeFile(join(dir, '.owner'), String(owner.pid))
    await expect(startLocalApi({ port: 0, dir })).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining(`process ${owner.pid}`),
    })
    expect(await readdir(dir)).toEqual(['.owner'])
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const { close } = await start({ dir })
    expect(await readFile(join(dir, '.owner'), 'utf8')).toBe(String(process.pid))
    await close()
    expect(await readdir(dir)).toEqual([])
  })

  it.each(['', 'x', '0', '-1', '1e9', '99999999999999999999'])('asks no process by the number %j', async (text) => {
    const dir = await temporaryFolder()
    await writeFile(join(dir, '.owner'), text)
    await start({ dir })
    expect(await readFile(join(dir, '.owner'), 'utf8')).toBe(String(process.pid))
  })

  it('keeps nothing of a Part whose sender leaves', async () => {
    const dir = await temporaryFolder()
    const { client, url } = await start({ dir })
    const { id } = await client.uploads.create({ ...book, bytes: 8 })
    const request = httpRequest(`${url}/uploads/${id}/parts`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '1000' },
    })
    request.on('error', () => {})
    request.write('--b\r\nContent-Disposition: form-data; name="data"\r\n\r\ntale')
    const names = () => readdir(join(dir, id))
    await vi.waitFor(async () => expect(await names()).toContainEqual(expect.stringMatching(/^part_.*\.tmp$/)), {
      timeout: 20_000,
    })
    request.destroy()
    await vi.waitFor(async () => expect(await names()).toEqual(['upload.json']), { timeout: 20_000 })
  })

  it('answers a Part that is too large before all of it has been sent', async () => {
    const { client, url } = await start({ behaviour: { maxPartBytes: 1000 } })
    const { id } = await client.uploads.create({ ...book, bytes: 8 })
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${url}/uploads/${id}/parts`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': String(2 ** 30) },
      })
      request.on('response', (response) => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      request.write('--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n')
      request.write(Buffer.alloc(2000))
    })
    expect(status).toBe(400)
  })

  it.each(['0.0.0.0', '::', '', '192.168.0.17', 'example.org', '127.0.0.1.example.org', 'fe80::1'])(
    'does not listen at %j, where other machines may reach it, unless told so',
    async (host) => {
      const refused = startLocalApi({ port: 0, host })
      await expect(refused).rejects.toBeInstanceOf(UploadError)
      await expect(refused).rejects.toMatchObject({
        code: 'invalid_options',
        message: expect.stringContaining(`'${host}'`),
        hint: expect.stringContaining('allowNetwork: true and an apiKey'),
      })
      await expect(startLocalApi({ port: 0, host, allowNetwork: true })).rejects.toMatchObject({
        code: 'invalid_options',
      })
      await expect(startLocalApi({ port: 0, host, apiKey: 'sk-right' })).rejects.toMatchObject({
        code: 'invalid_options',
      })
    },
  )

  it('listens for other machines when told so, with a key', async () => {
    const { url } = await start({ host: '0.0.0.0', allowNetwork: true, apiKey: 'sk-right' })
    const { port } = new URL(url)
    expect((await fetch(`http://127.0.0.1:${port}/v1/files`)).status).toBe(401)
  })

  it.each(['127.0.0.2', 'localhost'])('listens at %s, which is this machine', async (host) => {
    const { client } = await start({ host })
    expect((await client.files.list()).data).toEqual([])
  })

  it('reports an address that is taken', async () => {
    const { url } = await start()
    await expect(startLocalApi({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('answers pages in a browser only when it has a key', async () => {
    const open = await start()
    const asPage = { headers: { origin: 'https://elsewhere.example' } }
    const refused = await fetch(`${open.url}/files`, asPage)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    const closed = await start({ apiKey: 'sk-right' })
    expect((await fetch(`${closed.url}/files`, asPage)).status).toBe(401)
    expect(
      (await fetch(`${closed.url}/files`, { headers: { ...asPage.headers, authorization: 'Bearer sk-right' } })).status,
    ).toBe(200)
  })

  it('does not answer to a foreign name that leads to it', async () => {
    const { url } = await start()
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        httpRequest(`${url}/files`, { headers: { host } }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end()
      })
    const { port } = new URL(url)
    expect(await statusFor(`rebound.example:${port}`)).toBe(403)
    expect(await statusFor(`localhost:${port}`)).toBe(200)
  })

  it('survives what is no request', async () => {
    const { url, client } = await start()
    const { port } = new URL(url)
    for (const line of ['TRACE /v1/files HTTP/1.1', 'GET http://[ HTTP/1.1', 'nonsense']) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.end(`${line}\r\nHost: 127.0.0.1\r\n\r\n`))
        socket
          .on('error', () => {})
          .on('close', () => resolve())
          .resume()
      })
    }
    expect((await client.files.list()).data).toEqual([])
  })

  it('takes a storage of one’s own', async () => {
    const dir = await temporaryFolder()
    const { client } = await start({ storage: createDiskStorage(dir) })
    const { id } = await client.uploads.create({ ...book, bytes: 8 })
    expect(await readdir(dir)).toEqual([id])
  })
})
