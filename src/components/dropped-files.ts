import type { DropEvent } from 'react-dropzone'
import { browserEnvironment, type Environment } from '../core/index.js'
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

type Clock = Pick<Environment, 'setTimer'>

// Chromium asks another process for the size of each file when it is first read: about 0.1 ms.
const AT_ONCE = 100

/** Files of a choice, a drop or a paste. Folders, and many files, are read on their own and taken in when that is done. */
export function filesOf(
  event: DropEvent | FileSystemFileHandle[],
  reader: Reader,
  clock: Clock = browserEnvironment(),
): (File | DataTransferItem)[] {
  if (Array.isArray(event)) return []
  const { dataTransfer, clipboardData, target, type } = event as DragEvent & ClipboardEvent
  const data = dataTransfer ?? clipboardData
  if (!data) return few([...((target as HTMLInputElement).files ?? [])], reader, clock)
  // While they are dragged, there is nothing to be read yet.
  if (type === 'dragenter') return [...data.items].filter(({ kind }) => kind === 'file')
  const entries = entriesOf(data)
  if (!entries.some(isDirectory)) return few([...data.files], reader, clock)
  void readFolders(entries, reader, clock)
  return []
}

function few(files: File[], reader: Reader, clock: Clock): File[] {
  if (files.length <= AT_ONCE) return files
  void readMany(files, reader, clock)
  return []
}

async function readMany(files: readonly File[], { store, takeIn }: Reader, clock: Clock): Promise<void> {
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  store.setReading(stop, { found: null })
  await readSizes(files, stopped.signal, clock)
  if (stopped.signal.aborted) return
  store.setReading(stop, null)
  takeIn(files)
}

/** Has the browser look up what the checks will ask for, with turns of the page between: at once, the page would stand still. */
async function readSizes(files: readonly File[], signal: AbortSignal, clock: Clock): Promise<void> {
  for (const [index, file] of files.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await new Promise<void>((resolve) => clock.setTimer(resolve, 0))
    if (signal.aborted) return
    // The browser keeps the answer.
    void file.size
  }
}

async function readFolders(entries: readonly FileSystemEntry[], reader: Reader, clock: Clock): Promise<void> {
  const { store, takeIn } = reader
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  const onFound = (found: number) => store.setReading(stop, { found })
  try {
    const { files, unreadable } = await walk(entries, onFound, stopped.signal)
    await readSizes(files, stopped.signal, clock)
    if (stopped.signal.aborted) return
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
