/**
 * What an uploaded file is for, in the order of the API's own error text.
 * Source: recorded 400 answer; the Uploads specification lists fewer, the clients list these six.
 */
export const PURPOSES = ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] as const

export type Purpose = (typeof PURPOSES)[number]

/** MIME type by extension: browsers leave `File.type` empty or wrong for half of these. Source: file-search table of the docs. */
const mimeByExtension: ReadonlyMap<string, string> = new Map([
  ['.c', 'text/x-c'],
  ['.cpp', 'text/x-c++'],
  ['.cs', 'text/x-csharp'],
  ['.css', 'text/css'],
  ['.csv', 'text/csv'],
  ['.doc', 'application/msword'],
  ['.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['.gif', 'image/gif'],
  ['.go', 'text/x-golang'],
  ['.html', 'text/html'],
  ['.java', 'text/x-java'],
  ['.jpeg', 'image/jpeg'],
  ['.jpg', 'image/jpeg'],
  ['.js', 'text/javascript'],
  ['.json', 'application/json'],
  ['.jsonl', 'text/jsonl'],
  ['.md', 'text/markdown'],
  ['.pdf', 'application/pdf'],
  ['.php', 'text/x-php'],
  ['.png', 'image/png'],
  ['.pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['.py', 'text/x-python'],
  ['.rb', 'text/x-ruby'],
  ['.sh', 'application/x-sh'],
  ['.tex', 'text/x-tex'],
  ['.ts', 'application/typescript'],
  ['.txt', 'text/plain'],
  ['.webp', 'image/webp'],
  ['.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
])

/**
 * What a purpose takes, where OpenAI documents it; a purpose that is not here takes anything.
 * Source: fine-tune, batch and evals read JSONL only; vision reads four raster formats.
 */
const acceptByPurpose: ReadonlyMap<string, readonly string[]> = new Map([
  ['fine-tune', ['.jsonl']],
  ['batch', ['.jsonl']],
  ['evals', ['.jsonl']],
  ['vision', ['.png', '.jpg', '.jpeg', '.webp', '.gif']],
])

/**
 * Bytes a purpose can use, below the Upload's own limit; passing it is a warning, not a refusal.
 * Source: batch 200 MB, files for assistants, user_data and vision 512 MB.
 */
const usableBytesByPurpose: ReadonlyMap<string, number> = new Map([
  ['batch', 200e6],
  ['assistants', 512e6],
  ['user_data', 512e6],
  ['vision', 512e6],
])

/** Extensions that a purpose takes, or null for anything. */
export function acceptOfPurpose(purpose: string): readonly string[] | null {
  return acceptByPurpose.get(purpose) ?? null
}

/** Bytes that the purpose's consumers can read, or null where no figure is documented. */
export function usableBytesOfPurpose(purpose: string): number | null {
  return usableBytesByPurpose.get(purpose) ?? null
}

/** The extension of a file name with its dot, in lower case; '' when there is none. */
export function extensionOf(filename: string): string {
  const dot = filename.lastIndexOf('.')
  return dot > 0 && dot < filename.length - 1 ? filename.slice(dot).toLowerCase() : ''
}

/** The MIME type to declare: by extension where OpenAI documents one, else what the browser says. */
export function mimeTypeOf(filename: string, browserType = ''): string {
  return mimeByExtension.get(extensionOf(filename)) ?? (browserType || 'application/octet-stream')
}

/**
 * Tells whether a file passes an accept list of extensions (`.pdf`), MIME types (`text/csv`) or ranges (`image/*`).
 * Either its extension or one of its MIME types must be in the list, compared without case.
 */
export function isAccepted(accept: readonly string[], filename: string, browserType = ''): boolean {
  const extension = extensionOf(filename)
  const types = [browserType, mimeTypeOf(filename)].map((type) => type.toLowerCase().split(';')[0]?.trim() ?? '')
  return accept.some((entry) => {
    const wanted = entry.trim().toLowerCase()
    if (wanted.startsWith('.')) return wanted === extension
    if (wanted === '*/*' || wanted === '*') return true
    if (wanted.endsWith('/*')) return types.some((type) => type.startsWith(wanted.slice(0, -1)))
    return wanted !== '' && types.includes(wanted)
  })
}
