import type { DropEvent } from 'react-dropzone'
import { UploadError } from '../protocol/index.js'
import { errorText, type Limits } from './error-text.js'
import { entriesOf, isDirectory, walk } from './folder-walk.js'
import type { FileRejection, RootStore } from './root-store.js'
import { nameIn, type Wording } from './wording.js'

interface Reader {
  store: RootStore
  wording: Wording
  limits: Limits
  takeIn: (files: readonly File[]) => void
}

/** Files of a choice, a drop or a paste. Folders are read on their own and taken in when that is done. */
export function filesOf(event: DropEvent | FileSystemFileHandle[], reader: Reader): (File | DataTransferItem)[] {
  if (Array.isArray(event)) return []
  const { dataTransfer, clipboardData, target, type } = event as DragEvent & ClipboardEvent
  const data = dataTransfer ?? clipboardData
  if (!data) return [...((target as HTMLInputElement).files ?? [])]
  // While they are dragged, there is nothing to be read yet.
  if (type === 'dragenter') return [...data.items].filter(({ kind }) => kind === 'file')
  const entries = entriesOf(data)
  if (!entries.some(isDirectory)) return [...data.files]
  void readFolders(entries, reader)
  return []
}

async function readFolders(entries: readonly FileSystemEntry[], reader: Reader): Promise<void> {
  const { store, takeIn } = reader
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  const onFound = (found: number) => store.setReading(stop, { found })
  try {
    const { files, unreadable } = await walk(entries, onFound, stopped.signal)
    store.setReading(stop, null)
    const refused = unreadable.map((name) => refusal('file_unreadable', name, reader))
    const [folder] = entries
    if (files.length === 0 && refused.length === 0 && folder)
      refused.push(refusal('file_rejected', folder.name, reader))
    if (refused.length > 0) store.reject(refused)
    takeIn(files)
  } catch (error) {
    // Stopped: who stops a folder from being read does not want half of it.
    if (!stopped.signal.aborted) throw error
  }
}

/** What could not be opened, or had nothing in it, stands in the list of refusals under its own name. */
function refusal(code: 'file_unreadable' | 'file_rejected', name: string, { wording, limits }: Reader): FileRejection {
  const file = new File([], name)
  const message =
    code === 'file_unreadable'
      ? errorText(new UploadError(code, name), file, wording, { limits })
      : wording.messages.folderEmpty({ name: nameIn(name, wording) })
  return { file, error: new UploadError(code, message) }
}
