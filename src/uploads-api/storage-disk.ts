import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isPartId, isUploadId } from '../protocol/index.js'
import type { PartWriter, StoredUpload, UploadsStorage } from './storage.js'
import { parseUploadRecord, type UploadRecord } from './upload-record.js'

const recordName = 'upload.json'
const halfWritten = '.tmp'
// Uploaded files are nobody else's business on a shared machine.
const privateFolder = { recursive: true, mode: 0o700 }
const privateFile = 0o600

export interface DiskStorageOptions {
  /** Told of an Upload whose record cannot be read; it is left out. @default console.error */
  onError?: ((error: unknown) => void) | undefined
}

/**
 * Keeps everything below `dir`, for one process at a time: a folder per Upload with its record and its Parts.
 * A file has its final name only once it is whole, so after a crash of the process, between any two writes, a restart
 * finds what was acknowledged and nothing half-written. It does not wait for the disk: a crash of the whole machine may
 * take back the last seconds, and what then makes no whole is left out.
 */
export function createDiskStorage(dir: string, { onError = console.error }: DiskStorageOptions = {}): UploadsStorage {
  const root = resolve(dir)

  return {
    load: () => load(root, onError),
    save: (record) => save(folderOf(root, record.id), record),
    addPart: (uploadId, partId) => createPartWriter(partPath(root, uploadId, partId)),
    removeParts: async (uploadId, keep) => {
      const folder = folderOf(root, uploadId)
      await removeFiles(folder, await readdir(folder), (name) => isPartId(name) && !keep?.has(name))
    },
    remove: (uploadId) => removeUpload(folderOf(root, uploadId)),
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

async function load(root: string, onError: (error: unknown) => void): Promise<StoredUpload[]> {
  await mkdir(root, privateFolder)
  const stored: StoredUpload[] = []
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!isUploadId(entry.name) || !entry.isDirectory()) continue
    const folder = join(root, entry.name)
    try {
      const upload = await loadUpload(folder, entry.name)
      if (upload) stored.push(upload)
    } catch (cause) {
      // One that is damaged takes no other with it, and stays for a person to look at.
      onError(new Error(`The Upload in ${folder} is left out: its record cannot be read.`, { cause }))
    }
  }
  return stored
}

async function loadUpload(folder: string, uploadId: string): Promise<StoredUpload | null> {
  const names = await readdir(folder)
  // The record is the first thing that an Upload gets and the first that it loses: without it, nobody was told of it.
  if (!names.includes(recordName)) {
    await removeUpload(folder)
    return null
  }
  // What was being written when the process ended was never acknowledged.
  await removeFiles(folder, names, (name) => name.endsWith(halfWritten))
  const record = parseUploadRecord(JSON.parse(await readFile(join(folder, recordName), 'utf8')))
  const parts = new Map<string, number>()
  for (const name of names) if (isPartId(name)) parts.set(name, (await stat(join(folder, name))).size)
  if (record?.id !== uploadId) throw new Error('Its record is none.')
  return { record, parts }
}

async function removeUpload(folder: string): Promise<void> {
  await rm(join(folder, recordName), { force: true })
  await removeFiles(folder, await readdir(folder), (name) => name.endsWith(halfWritten) || isPartId(name))
  // It stays where it holds what is not ours.
  await rmdir(folder).catch(() => {})
}

async function removeFiles(
  folder: string,
  names: readonly string[],
  isUnwanted: (name: string) => boolean,
): Promise<void> {
  for (const name of names.filter(isUnwanted)) await rm(join(folder, name), { force: true })
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
