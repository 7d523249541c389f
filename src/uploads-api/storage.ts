import type { UploadRecord } from './upload-record.js'

/**
 * Where Uploads, Parts and so the Files are kept. A File is never a copy: it is its Parts, read one after the other,
 * which makes complete cheap for gigabytes. Calls about one Upload's record come one at a time.
 */
export interface UploadsStorage {
  /** Everything kept so far; called once, before any other call. */
  load(): Promise<StoredUpload[]>
  /** Keeps the record, whole or not at all. */
  save(record: UploadRecord): Promise<void>
  /** Begins a Part; nothing of it is kept before `commit`. */
  addPart(uploadId: string, partId: string): Promise<PartWriter>
  /** Forgets all committed Parts but those to keep. */
  removeParts(uploadId: string, keep?: ReadonlySet<string>): Promise<void>
  /** Forgets an Upload: its record and all its Parts. */
  remove(uploadId: string): Promise<void>
  /** The bytes of these Parts, in this order. */
  read(uploadId: string, partIds: readonly string[]): AsyncIterable<Uint8Array>
  /** MD5 over `read`, as lower-case hex. */
  md5(uploadId: string, partIds: readonly string[]): Promise<string>
}

export interface StoredUpload {
  record: UploadRecord
  /** Bytes of each committed Part, by id. */
  parts: Map<string, number>
}

/** Takes a Part's bytes; ends with `commit` or `abort`. */
export interface PartWriter {
  /** Resolves when the next chunk may come. */
  write(chunk: Uint8Array): Promise<void>
  commit(): Promise<void>
  /** Leaves nothing behind; also allowed after a failed `write` or `commit`. */
  abort(): Promise<void>
}
