import type { UploadSnapshot } from '../core/index.js'

export interface MatchedFiles {
  matches: { upload: UploadSnapshot; file: File }[]
  /** Files that belong to none of the uploads. */
  strangers: File[]
}

/**
 * Finds the upload that each chosen file continues, by name, size and last change. A copy of the file may have another
 * time of change: it goes to what is left under its name and size, and the engine checks its bytes.
 */
export function matchFiles(files: readonly File[], uploads: readonly UploadSnapshot[]): MatchedFiles {
  const matches: MatchedFiles['matches'] = []
  let open = [...uploads]
  let unmatched = [...files]
  for (const fits of [isSame, isCopy]) {
    const left: File[] = []
    for (const file of unmatched) {
      const upload = open.find((candidate) => fits(candidate, file))
      if (upload) {
        matches.push({ upload, file })
        open = open.filter((other) => other !== upload)
      } else left.push(file)
    }
    unmatched = left
  }
  return { matches, strangers: unmatched }
}

function isCopy({ file }: UploadSnapshot, { name, size }: File): boolean {
  return file.name === name && file.size === size
}

function isSame(upload: UploadSnapshot, file: File): boolean {
  return isCopy(upload, file) && upload.file.lastModified === file.lastModified
}
