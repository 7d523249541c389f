import type { UploadError } from '../protocol/index.js'

const told = new Set<string>()

/** Says in the console what a developer can do about an error: once for each hint, however many files it befell. */
export function tellHint({ code, hint }: UploadError): void {
  if (!hint || told.has(hint)) return
  told.add(hint)
  console.warn(`react-openai-uploads: ${code}. ${hint}`)
}
