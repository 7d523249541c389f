import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isPartId, isUploadId } from '../protocol/index.js'
import type { PartWriter, StoredUpload, UploadsStorage } from './storage.js'
import type { UploadRecord } from './upload-record.js'

const recordName = 'upload.json'
const halfWritten = '.tmp'
// Uploaded files are nobody else's business on a shared machine.
const privateFolder = { recursive: true, mode: 0o700 }
const privateFile = 0o600

/**
 * Keeps everything below `dir`, for one process at a time: a folder per Upload with its record and its Parts.
 * A file has its final name only once it is whole, so a restart finds what was acknowledged and nothing else.
 */
export function createDiskStorage(dir: string): UploadsStorage {
  const root = resolve(dir)

  return {
    load: () => load(root),
    save: (record) => save(folderOf(root, record.id), record),
    addPart: (uploadId, partId) => createPartWriter(partPath(root, uploadId, partId)),
    removeParts: async (uploadId, keep) => {
      const names = await readdir(folderOf(root, uploadId))
      const unwanted = names.filter((name) => isPartId(name) && !keep?.has(name))
      for (const partId of unwanted) await rm(partPath(root, uploadId, partId), { force: true })
    },
    read: (uploadId, partIds) => read(partIds.map((partId) => partPath(root, uploadId, partId))),
    md5: async (uploadId, partIds) => {
      const md5 = createHash('md5')
      for await (const chunk of read(partIds.map((partId) => partPath(root, uploadId, partId)))) md5.update(chunk)
      return md5.digest('hex')
    },
  }
}

// Ids become paths here and nowhere else.

function folderOf(root: string, uploadId: string): string {
  if (!isUploadId(uploadId)) throw new TypeError('Not an upload id.')
  return join(root, uploadId)
}

function partPath(root: string, uploadId: string, partId: string): string {
  if (!isPartId(partId)) throw new TypeError('Not a part id.')
  return join(folderOf(root, uploadId), partId)
}

async function load(root: string): Promise<StoredUpload[]> {
  await mkdir(root, privateFolder)
  const stored: StoredUpload[] = []
  for (const name of await readdir(root)) {
    const upload = isUploadId(name) && (await loadUpload(join(root, name)))
    if (upload) stored.push(upload)
  }
  return stored
}

async function loadUpload(folder: string): Promise<StoredUpload | null> {
  const names = await readdir(folder)
  // What was being written when the process ended was never acknowledged.
  for (const name of names) if (name.endsWith(halfWritten)) await rm(join(folder, name), { force: true })
  if (!names.includes(recordName)) return null
  const record = JSON.parse(await readFile(join(folder, recordName), 'utf8')) as UploadRecord
  const parts = new Map<string, number>()
  for (const name of names) if (isPartId(name)) parts.set(name, (await stat(join(folder, name))).size)
  return { record, parts }
}

async function save(folder: string, record: UploadRecord): Promise<void> {
  const path = join(folder, recordName)
  await mkdir(folder, privateFolder)
  await writeFile(path + halfWritten, JSON.stringify(record), { mode: privateFile })
  await rename(path + halfWritten, path)
}

async function createPartWriter(path: string): Promise<PartWriter> {
  const handle = await open(path + halfWritten, 'wx', privateFile)
  return {
    // On a handle, writeFile goes on from the current position and, unlike write, never stops half-way.
    write: (chunk) => handle.writeFile(chunk),
    commit: async () => {
      await handle.close()
      await rename(path + halfWritten, path)
    },
    abort: async () => {
      await handle.close().catch(() => {})
      await rm(path + halfWritten, { force: true })
    },
  }
}

async function* read(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path, { highWaterMark: 256 * 2 ** 10 })
}
