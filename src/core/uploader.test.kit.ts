import { expect, vi } from 'vitest'
import type { FileObject, UploadCall } from '../protocol/index.js'
import { createFakeUploads, type FakeUploads, type FakeUploadsOptions, makeFile } from '../testing/index.js'
import type { Fetcher } from './fetcher.js'
import type { UploadOptions } from './upload-options.js'
import type { UploaderEvent } from './upload-store.js'
import { createUploader, type Uploader } from './uploader.js'
import type { UploaderOptions } from './uploader-options.js'

export interface StageOptions extends Partial<Omit<UploaderOptions, 'fetcher'>> {
  fakes?: FakeUploadsOptions
  /** Puts something between the engine and the API. */
  between?: (fetcher: Fetcher, fakes: FakeUploads) => Partial<Fetcher>
}

export interface Started {
  id: string
  file: File
  /** How the run ends; never rejects unheard. */
  ended: Promise<FileObject>
}

/** An uploader in front of the Uploads API in memory: parts of 100 bytes, no checksum unless one is asked for. */
export function setTheStage({ fakes: fakesOptions, between, ...options }: StageOptions = {}) {
  const fakes = createFakeUploads(fakesOptions)
  const fetcher: Fetcher = { ...fakes.fetcher, ...between?.(fakes.fetcher, fakes) }
  const uploader = createUploader({
    environment: fakes.environment,
    partSize: 100,
    checksum: 'off',
    defaults: { purpose: 'user_data' },
    ...options,
    fetcher,
  })
  const events: UploaderEvent[] = []
  uploader.subscribeToEvents((event) => events.push(event))
  return {
    ...fakes,
    fetcher,
    uploader,
    events,
    start: (size: number, uploadOptions: Partial<UploadOptions> = {}): Started => start(uploader, size, uploadOptions),
    /** How often a call was made, or every call in order. */
    count: (call: UploadCall) => fakes.requests.filter((request) => request.call === call).length,
    calls: () => fakes.requests.map(({ call }) => call),
    /** Lets everything happen that needs no time. */
    settle: () => fakes.clock.advance(0),
    settledEvents: () => events.filter(({ type }) => type === 'settled').map(({ upload }) => upload.status),
  }
}

function start(uploader: Uploader, size: number, options: Partial<UploadOptions>): Started {
  const file = makeFile(`file-${size}.bin`, size, { seed: size + 1 })
  const id = uploader.add(file, options)
  const ended = uploader.run(id)
  ended.catch(() => {})
  return { id, file, ended }
}

/** What is thrown from now on where only the page hears of it, until the end of the test. */
export function collectReported(): unknown[] {
  const reported: unknown[] = []
  const enqueue = queueMicrotask
  vi.stubGlobal('queueMicrotask', (callback: () => void) =>
    enqueue(() => {
      try {
        callback()
      } catch (error) {
        reported.push(error)
      }
    }),
  )
  return reported
}

/** Says that a File holds exactly the bytes of a file. */
export async function expectSameBytes(fakes: Pick<FakeUploads, 'files'>, fileObject: FileObject, file: File) {
  const stored = await fakes.files.read(fileObject.id)
  const source = new Uint8Array(await file.arrayBuffer())
  expect(stored.length).toBe(source.length)
  expect(Buffer.compare(stored, source)).toBe(0)
}
