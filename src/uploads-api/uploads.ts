import type { RemoteUpload, UploadPart } from '../protocol/index.js'
import type { UploadsApiBehaviour } from './behaviour.js'
import { ApiError, noSuch } from './errors.js'
import type { IdSource } from './ids.js'
import { readPartForm } from './multipart.js'
import { type CompleteBody, parseCompleteBody, parseCreateBody, readJsonObject } from './request-bodies.js'
import { Room } from './room.js'
import type { PartWriter, UploadsStorage } from './storage.js'
import { createTurns, type Turns } from './turns.js'
import {
  type CompletedRecord,
  hasFileAt,
  isCompleted,
  isForgottenAt,
  isOverAt,
  isWhole,
  type UploadRecord,
  uploadObjectOf,
} from './upload-record.js'
import { assertPartFits, assertPartsAreTheFile, assertPending, assertRoomForPart } from './upload-rules.js'

export interface UploadsDependencies {
  storage: UploadsStorage
  ids: IdSource
  behaviour: UploadsApiBehaviour
  /** Unix seconds. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** Told what went wrong where no caller can be told. */
  onError(error: unknown): void
}

/** An Upload in this process. Whatever changes it waits for its turn, so complete and cancel have one winner. */
interface LiveUpload {
  record: UploadRecord
  /** Bytes of each accepted Part, by id. */
  readonly parts: Map<string, number>
  readonly inTurn: Turns
}

/** Owns every Upload; the only place where the rules have effects. */
export class Uploads {
  readonly #uploads = new Map<string, LiveUpload>()
  readonly #byFileId = new Map<string, LiveUpload>()
  // Those whose spare Parts could not be removed; tried again with the next purge.
  readonly #encumbered = new Set<LiveUpload>()
  readonly #completing = new Set<LiveUpload>()
  readonly #deps: UploadsDependencies
  readonly #room: Room
  #purgedAt = Number.NaN

  constructor(deps: UploadsDependencies) {
    this.#deps = deps
    this.#room = new Room(deps.behaviour.maxStoredBytes)
  }

  /** Takes up what the storage kept. */
  async load(): Promise<void> {
    const stored = await this.#deps.storage.load()
    for (const { record, parts } of stored.sort((a, b) => a.record.createdAt - b.record.createdAt)) {
      for (const size of parts.values()) this.#room.found(size)
      if (hasFileAt(record, this.#deps.now()) && !isWhole(record, parts)) {
        // Half a File is none. It stays where it is for a person to look at.
        this.#deps.onError(new Error(`Upload ${record.id} is left out: bytes of its File are missing.`))
        continue
      }
      const upload = this.#add(record, parts)
      // Closing an Upload saves it first and removes its spare Parts then; this ends what a crash cut short.
      if (record.outcome) await this.#discardParts(upload)
    }
    await this.purge()
  }

  /** Lets go of the bytes of what has expired, and later of all that is known of it; once a second is enough. */
  async purge(): Promise<void> {
    const now = this.#deps.now()
    if (now === this.#purgedAt) return
    this.#purgedAt = now
    for (const upload of this.#encumbered) await this.#discardParts(upload)
    for (const upload of this.#uploads.values()) {
      // What was asked for within the hour is finished after it, and needs its Parts until then.
      if (this.#completing.has(upload)) continue
      if (upload.parts.size > 0 && isOverAt(upload.record, now)) await this.#discardParts(upload)
      if (isForgottenAt(upload.record, now, this.#deps.behaviour.forgetAfterSeconds)) await this.#forget(upload)
    }
  }

  async create(request: Request): Promise<RemoteUpload> {
    const { behaviour, ids, storage } = this.#deps
    const body = parseCreateBody(await readJsonObject(request), behaviour)
    this.#room.assertFor(body.bytes)
    const createdAt = this.#deps.now()
    const expiresAt = createdAt + behaviour.lifetimeSeconds
    const record: UploadRecord = { id: ids.upload(), ...body, createdAt, expiresAt, outcome: null }
    await storage.save(record)
    this.#add(record, new Map())
    return uploadObjectOf(record, createdAt)
  }

  async addPart(uploadId: string, request: Request): Promise<UploadPart> {
    const upload = this.#find(uploadId)
    this.#assertTakesParts(upload)
    const partId = this.#deps.ids.part()
    const writer = await this.#deps.storage.addPart(uploadId, partId)
    const arrived = { bytes: 0 }
    try {
      await this.#receive(upload, request, writer, arrived)
      return await upload.inTurn(() => this.#acceptPart(upload, partId, arrived.bytes, writer))
    } catch (error) {
      await writer.abort()
      this.#room.give(arrived.bytes)
      throw error
    }
  }

  async complete(uploadId: string, request: Request): Promise<RemoteUpload> {
    const { behaviour, ids, now, sleep } = this.#deps
    const upload = this.#find(uploadId)
    const body = parseCompleteBody(await readJsonObject(request), behaviour)
    return upload.inTurn(async () => {
      if (isRepeated(upload.record, body, behaviour)) return uploadObjectOf(upload.record, now())
      assertPending(upload.record, now(), behaviour)
      assertPartsAreTheFile(upload.record, upload.parts, body.partIds, behaviour)
      this.#completing.add(upload)
      try {
        if (behaviour.completeDelay > 0) await sleep(behaviour.completeDelay)
        await this.#checkMd5(upload, body)
        const fileId = ids.file()
        await this.#close(upload, { status: 'completed', fileId, partIds: body.partIds, deleted: false })
        this.#byFileId.set(fileId, upload)
      } finally {
        this.#completing.delete(upload)
      }
      return this.#completedObject(upload.record)
    })
  }

  async cancel(uploadId: string): Promise<RemoteUpload> {
    const { behaviour, now } = this.#deps
    const upload = this.#find(uploadId)
    return upload.inTurn(async () => {
      if (!isCancelSettled(upload.record, behaviour)) {
        assertPending(upload.record, now(), behaviour)
        await this.#close(upload, { status: 'cancelled' })
      }
      return uploadObjectOf(upload.record, now())
    })
  }

  /** The Upload that became this File, or a 404. */
  recordOfFile(fileId: string): CompletedRecord {
    const record = this.#byFileId.get(fileId)?.record
    if (record && hasFileAt(record, this.#deps.now())) return record
    throw noSuch('File', fileId)
  }

  async deleteFile(fileId: string): Promise<void> {
    const upload = this.#byFileId.get(fileId)
    await upload?.inTurn(async () => {
      const { outcome } = this.recordOfFile(fileId)
      await this.#close(upload, { ...outcome, deleted: true })
      this.#byFileId.delete(fileId)
    })
    if (!upload) throw noSuch('File', fileId)
  }

  /** Every Upload there ever was, oldest first, with the accepted Parts. */
  all(): { record: UploadRecord; parts: ReadonlyMap<string, number> }[] {
    return [...this.#uploads.values()]
  }

  #add(record: UploadRecord, parts: Map<string, number>): LiveUpload {
    const upload: LiveUpload = { record, parts, inTurn: createTurns() }
    this.#uploads.set(record.id, upload)
    if (isCompleted(record) && !record.outcome.deleted) this.#byFileId.set(record.outcome.fileId, upload)
    return upload
  }

  #find(uploadId: string): LiveUpload {
    const upload = this.#uploads.get(uploadId)
    if (!upload) throw noSuch('Upload', uploadId)
    return upload
  }

  #assertTakesParts({ record, parts }: LiveUpload): void {
    assertPending(record, this.#deps.now(), this.#deps.behaviour)
    assertRoomForPart(parts, this.#deps.behaviour)
  }

  /** Streams a Part to the storage and counts it; stops as soon as it cannot be accepted any more. */
  async #receive(upload: LiveUpload, request: Request, writer: PartWriter, arrived: { bytes: number }): Promise<void> {
    const { behaviour } = this.#deps
    await readPartForm(request, {
      unknownFields: behaviour.unknownFields,
      onData: async (chunk) => {
        assertPartFits(upload.record, upload.parts, arrived.bytes + chunk.length, behaviour)
        this.#assertTakesParts(upload)
        this.#room.take(chunk.length)
        arrived.bytes += chunk.length
        await writer.write(chunk)
      },
    })
    if (arrived.bytes === 0 && behaviour.zeroBytes === 'refuse') {
      throw new ApiError('The part is empty.', { param: 'data' })
    }
  }

  async #acceptPart(upload: LiveUpload, partId: string, size: number, writer: PartWriter): Promise<UploadPart> {
    const { behaviour, now } = this.#deps
    // Asked again: the Upload may have closed, or other Parts filled it, while this one was on its way.
    this.#assertTakesParts(upload)
    assertPartFits(upload.record, upload.parts, size, behaviour)
    await writer.commit()
    upload.parts.set(partId, size)
    return { id: partId, object: 'upload.part', created_at: now(), upload_id: upload.record.id }
  }

  async #checkMd5(upload: LiveUpload, { md5, partIds }: CompleteBody): Promise<void> {
    const { behaviour, storage } = this.#deps
    if (md5 === null || !behaviour.checkMd5) return
    const actual = await storage.md5(upload.record.id, partIds)
    if (actual === md5) return
    if (behaviour.afterMd5Mismatch === 'cancelled') await this.#close(upload, { status: 'cancelled' })
    throw new ApiError(`The md5 of the parts is ${actual}, not ${md5}.`, { param: 'md5' })
  }

  /** Saved before it counts, so that an answer is never taken back by a restart. */
  async #close(upload: LiveUpload, outcome: NonNullable<UploadRecord['outcome']>): Promise<void> {
    const record = { ...upload.record, outcome }
    await this.#deps.storage.save(record)
    upload.record = record
    await this.#discardParts(upload)
  }

  /** Removes the Parts that no File is made of. That they are in the way is no reason to refuse the call. */
  async #discardParts(upload: LiveUpload): Promise<void> {
    const { record, parts } = upload
    const keep = new Set(hasFileAt(record, this.#deps.now()) ? record.outcome.partIds : [])
    const spare = [...parts].filter(([partId]) => !keep.has(partId))
    try {
      await this.#deps.storage.removeParts(record.id, keep)
      this.#encumbered.delete(upload)
    } catch (error) {
      // Their bytes are still there, and so count.
      this.#encumbered.add(upload)
      return this.#deps.onError(error)
    }
    for (const [partId, size] of spare) if (parts.delete(partId)) this.#room.give(size)
  }

  async #forget(upload: LiveUpload): Promise<void> {
    const { record } = upload
    try {
      await this.#deps.storage.remove(record.id)
    } catch (error) {
      return this.#deps.onError(error)
    }
    this.#uploads.delete(record.id)
    if (isCompleted(record)) this.#byFileId.delete(record.outcome.fileId)
  }

  #completedObject(record: UploadRecord): RemoteUpload {
    const upload = uploadObjectOf(record, this.#deps.now())
    if (this.#deps.behaviour.completedFileBytes === 'known' || !upload.file) return upload
    return { ...upload, file: { ...upload.file, bytes: null } }
  }
}

function isRepeated(record: UploadRecord, { partIds }: CompleteBody, behaviour: UploadsApiBehaviour): boolean {
  if (behaviour.secondComplete === 'refuse' || !isCompleted(record)) return false
  const { partIds: completed } = record.outcome
  return completed.length === partIds.length && completed.every((id, index) => id === partIds[index])
}

/** Tells whether cancel has nothing to do and answers with the Upload as it is. */
function isCancelSettled({ outcome }: UploadRecord, behaviour: UploadsApiBehaviour): boolean {
  if (outcome?.status === 'cancelled') return behaviour.secondCancel === 'repeat'
  return outcome?.status === 'completed' && behaviour.cancelOfCompleted === 'unchanged'
}
