import {
  acceptOfPurpose,
  DECIMAL_MAX_UPLOAD_BYTES,
  extensionOf,
  isAccepted,
  MAX_UPLOAD_BYTES,
  type RemoteUpload,
  UploadError,
  type UploadPolicy,
  usableBytesOfPurpose,
} from '../protocol/index.js'
import { expectOption, isNumberFrom } from './expect-option.js'
import type { UploadOptions } from './upload-options.js'

/** What is known of a file without reading it. */
export interface FileInfo {
  name: string
  /** Bytes. */
  size: number
  /** MIME type as the browser guesses it, often ''. */
  type: string
  /** Ms since the epoch. */
  lastModified: number
}

/** What an app takes, beyond what OpenAI takes. */
export interface FileRules {
  /** Extensions (`.pdf`), MIME types (`text/csv`) or ranges (`image/*`); replaces what the purpose allows. */
  accept?: readonly string[]
  /** Bytes. */
  minSize?: number
  /** Bytes; never above what the backend takes, which is the 8 GiB of the API unless it says otherwise. */
  maxSize?: number
}

/** Something worth saying about a file that is uploaded all the same. */
export interface UploadWarning {
  code: 'above_decimal_limit' | 'above_purpose_limit' | 'filename_changed'
  message: string
}

type Candidate = Pick<FileInfo, 'name' | 'size' | 'type'>

/** Throws `invalid_options` for rules that would let everything in, or break. */
export function checkRules({ accept, minSize, maxSize }: FileRules): void {
  const isList = accept === undefined || (Array.isArray(accept) && accept.every((entry) => typeof entry === 'string'))
  expectOption(isList, 'accept', accept, 'a list such as [".pdf", "image/*"]')
  expectOption(minSize === undefined || isNumberFrom(0, minSize), 'minSize', minSize, 'a number of bytes')
  expectOption(maxSize === undefined || isNumberFrom(0, maxSize), 'maxSize', maxSize, 'a number of bytes')
}

/** Says why a file cannot be uploaded, before any request is made; null when it can. */
export function checkFile(
  file: Candidate,
  purpose: string,
  rules: FileRules = {},
  policy: UploadPolicy | null = null,
): UploadError | null {
  return checkSize(file, rules, policy) ?? checkType(file, purpose, rules, policy)
}

/** What to tell about a file that may turn out too large for its use, or that has got another name on its way. */
export function warningsFor(
  file: Candidate,
  { purpose, filename = file.name }: Pick<UploadOptions, 'purpose' | 'filename'>,
  remote: RemoteUpload | null = null,
): readonly UploadWarning[] {
  const warnings: UploadWarning[] = []
  if (file.size > DECIMAL_MAX_UPLOAD_BYTES) {
    const message = `${file.name} is above 8,000,000,000 bytes; OpenAI may read its 8 GB limit that way and refuse it.`
    warnings.push({ code: 'above_decimal_limit', message })
  }
  const usable = usableBytesOfPurpose(purpose)
  if (usable !== null && file.size > usable) {
    const message = `${file.name} can be uploaded, but for ${purpose} OpenAI reads files up to ${formatBytes(usable)}.`
    warnings.push({ code: 'above_purpose_limit', message })
  }
  // No error: backends clean names. But a bit that flipped on the way shows here, too.
  if (remote && remote.filename.normalize() !== filename.normalize()) {
    warnings.push({ code: 'filename_changed', message: `OpenAI knows ${filename} as ${remote.filename}.` })
  }
  return warnings
}

function checkSize({ name, size }: Candidate, rules: FileRules, policy: UploadPolicy | null): UploadError | null {
  if (size === 0)
    return new UploadError('file_empty', `${name} is empty (0 bytes). Check the file and choose it again.`)
  // A backend may stand before an API with a limit of its own, such as Azure's 9 GB; an app's rule cannot say so.
  const most = policy?.maxBytes ?? MAX_UPLOAD_BYTES
  const max = Math.min(most, rules.maxSize ?? most)
  if (size > max) {
    const message = `${name} is too large: ${formatBytes(size)}. The limit is ${formatBytes(max)}. Choose a smaller file.`
    return new UploadError('file_too_large', message, { hint: `${size} bytes; the limit is ${max}.` })
  }
  if (rules.minSize !== undefined && size < rules.minSize) {
    const message = `${name} is too small: ${formatBytes(size)}. It needs at least ${formatBytes(rules.minSize)}.`
    return new UploadError('file_too_small', message, {
      hint: `${size} bytes; at least ${rules.minSize} are asked for.`,
    })
  }
  return null
}

function checkType(
  file: Candidate,
  purpose: string,
  rules: FileRules,
  policy: UploadPolicy | null,
): UploadError | null {
  const accept = rules.accept ?? policy?.accept ?? acceptOfPurpose(purpose)
  if (!accept || isAccepted(accept, file.name, file.type)) return null
  const kind = extensionOf(file.name) || file.type || 'unknown'
  const message = `${file.name} is a ${kind} file. Allowed: ${accept.join(', ')}. Choose another file.`
  const hint = rules.accept
    ? 'The list comes from `accept`.'
    : `The list comes from the purpose ${purpose}; the option \`accept\` overrides it.`
  return new UploadError('file_type_not_allowed', message, { hint })
}

/** For error texts of the engine, which has no locale; components format with Intl. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3))
  return `${Number((bytes / 1000 ** power).toFixed(power === 0 ? 0 : 2))} ${units[power]}`
}
