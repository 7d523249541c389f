import {
  checkFile,
  type FileRules,
  isSettled,
  type Uploader,
  type UploadOptions,
  type UploadSnapshot,
} from '../core/index.js'
import { isUploadError, UploadError } from '../protocol/index.js'
import { errorText, type Limits } from './error-text.js'
import { type FileRejection, type RootStore, uploadsOf } from './root-store.js'
import type { Wording } from './wording.js'

/** An app's own check: a sentence for the person says why not, null lets the file in. */
export type Validate = (file: File) => string | null | undefined | Promise<string | null | undefined>

/** Everything that decides over a file, as it is when the file arrives. */
export interface Intake {
  store: RootStore
  uploader: Uploader
  add: (file: File, options: Partial<UploadOptions>, rules: FileRules) => string
  options: Partial<UploadOptions>
  rules: FileRules
  limits: Limits
  wording: Wording
  validate: Validate | undefined
  getUploadOptions: ((file: File) => Partial<UploadOptions>) | undefined
  /** Takes a row off the list. */
  remove: (id: string) => void
  onAdd: ((uploads: readonly UploadSnapshot[]) => void) | undefined
  onReject: ((rejections: FileRejection[]) => void) | undefined
}

export interface TakeInOptions {
  /** Adds files also where they are in the list already. @default false */
  again?: boolean
  /** The upload whose row the first of the files takes over. */
  inPlaceOf?: string
}

/** Takes files in: the good ones are uploaded, the others are told about. `intake` is read again once checks that take time are done. */
export function takeIn(files: readonly File[], intakeNow: () => Intake, how: TakeInOptions = {}): void {
  const intake = intakeNow()
  const verdicts = files.map((file) => verdictOf(file, intake))
  if (!verdicts.some((verdict) => verdict instanceof Promise)) {
    admit(files, verdicts as Verdict[], intake, how)
    return
  }
  const { store } = intake
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  store.setReading(stop, { found: null })
  // Verdicts never reject: a check that throws refuses its own file and no other.
  void Promise.all(verdicts.map(async (verdict) => verdict)).then((settled) => {
    if (stopped.signal.aborted) return
    store.setReading(stop, null)
    admit(files, settled, intakeNow(), how)
  })
}

type Verdict = UploadError | null

function verdictOf(
  file: File,
  { options, rules, getUploadOptions, uploader, validate }: Intake,
): Verdict | Promise<Verdict> {
  const purpose = getUploadOptions?.(file).purpose ?? options.purpose
  // Without a purpose of its own, the list leaves this check to `add`, which knows the provider's.
  const error = purpose === undefined ? null : checkFile(file, purpose, rules, uploader.policy)
  if (error || !validate) return error
  const refuse = (message: string | null | undefined) => (message ? new UploadError('file_rejected', message) : null)
  const broken = (cause: unknown) =>
    new UploadError('unknown', '', { cause, hint: '`validate` threw. Return a sentence, or null to let the file in.' })
  try {
    const verdict = validate(file)
    return verdict instanceof Promise ? verdict.then(refuse, broken) : refuse(verdict)
  } catch (cause) {
    return broken(cause)
  }
}

function admit(
  files: readonly File[],
  verdicts: readonly Verdict[],
  intake: Intake,
  { again = false, inPlaceOf }: TakeInOptions,
): void {
  const { store, uploader, limits } = intake
  const added: string[] = []
  const rejections: FileRejection[] = []
  const before = uploadsOf(store, uploader).filter(({ id }) => id !== inPlaceOf)
  // As one look-up for each file: compared one by one, a thousand files are half a million pairs.
  const listed = new Set(before.flatMap((upload) => (isSettled(upload) ? [] : identityOf(upload.file))))
  let room = (limits.maxFiles ?? Number.POSITIVE_INFINITY) - roomTaken(before, limits)
  for (const [index, file] of files.entries()) {
    const isTwice = !again && listed.has(identityOf(file))
    const error = verdicts[index] ?? (isTwice ? duplicate(file) : null)
    if (error) rejections.push(rejectionOf(file, error, intake))
    else if (room <= 0) rejections.push(rejectionOf(file, new UploadError('too_many_files', file.name), intake))
    else {
      const id = addOne(file, intake)
      if (isUploadError(id)) rejections.push(rejectionOf(file, id, intake))
      else {
        added.push(id)
        store.setFile(id, file)
        room -= 1
        const upload = uploader.get(id)
        if (upload && !isSettled(upload)) listed.add(identityOf(upload.file))
      }
    }
  }
  const [replacement, ...others] = added
  if (inPlaceOf !== undefined && replacement !== undefined) {
    store.replace(inPlaceOf, replacement)
    uploader.remove(inPlaceOf)
    store.add(others)
  } else store.add(added)
  if (added.length > 0 && replaces(limits)) for (const { id } of before) intake.remove(id)
  if (rejections.length > 0) store.reject(rejections)
  if (added.length > 0) intake.onAdd?.(added.flatMap((id) => uploader.get(id) ?? []))
  if (rejections.length > 0) intake.onReject?.(rejections)
}

function addOne(file: File, { add, options, rules, getUploadOptions }: Intake): string | UploadError {
  try {
    return add(file, { ...options, ...getUploadOptions?.(file) }, rules)
  } catch (error) {
    if (!isUploadError(error)) throw error
    // The person can do nothing about it, so the developer has to hear of it.
    if (error.code === 'invalid_options') console.error(error)
    return error
  }
}

/** A refusal in the list's own words. */
function rejectionOf(file: File, error: UploadError, { limits, wording }: Intake): FileRejection {
  const { code, hint } = error
  // The app's own check has said it already.
  const message = code === 'file_rejected' ? error.message : errorText(error, file, wording, { limits })
  return {
    file,
    error: new UploadError(code, message, { cause: error.cause ?? error, ...(hint !== undefined && { hint }) }),
  }
}

function duplicate(file: File): UploadError {
  return new UploadError('file_duplicate', `${file.name} is already in the list.`)
}

/** What the same file has again, while the first is not done; afterwards it may be on purpose. */
function identityOf({ name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>): string {
  // The name last: it may hold anything.
  return `${size} ${lastModified} ${name}`
}

/** Where there is room for one file only, the next one takes its place. */
export function replaces({ maxFiles }: Limits): boolean {
  return maxFiles === 1
}

/** How much of `maxFiles` is used up. */
export function roomTaken(uploads: readonly UploadSnapshot[], limits: Limits): number {
  return replaces(limits) ? 0 : uploads.filter(takesRoom).length
}

/** Whether an upload counts: one that came to nothing does not. */
export function takesRoom({ status }: UploadSnapshot): boolean {
  return status !== 'cancelled' && status !== 'cancelling' && status !== 'expired'
}
