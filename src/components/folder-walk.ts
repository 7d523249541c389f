/** What a drop or a paste holds, files and folders alike; has to be asked before the event is over. */
export function entriesOf(data: Pick<DataTransfer, 'items'>): FileSystemEntry[] {
  return [...data.items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry?.() ?? []) : []))
}

export interface Walked {
  files: File[]
  /** Names of what could not be opened. */
  unreadable: string[]
}

// Kept by file managers for themselves: nobody means to upload them.
const HIDDEN = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** The files in folders, however deep; `onFound` hears how many there are so far. Rejects once the signal is aborted. */
export async function walk(
  entries: readonly FileSystemEntry[],
  onFound: (count: number) => void,
  signal: AbortSignal,
): Promise<Walked> {
  const walked: Walked = { files: [], unreadable: [] }
  let found = 0
  const count = (more: readonly FileSystemEntry[]) => {
    found += more.filter(isWanted).length
    signal.throwIfAborted()
    onFound(found)
  }
  count(entries)
  // Depth first, in the order of the folders: files that lie together stay together.
  const ahead = [...entries].reverse()
  for (let entry = ahead.pop(); entry; entry = ahead.pop()) {
    try {
      if (isDirectory(entry)) ahead.push(...(await childrenOf(entry, count)).reverse())
      else if (isWanted(entry)) walked.files.push(await fileOf(entry))
    } catch {
      signal.throwIfAborted()
      walked.unreadable.push(entry.name)
    }
  }
  return walked
}

export function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

function isWanted(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile && !HIDDEN.has(entry.name)
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

async function childrenOf(
  folder: FileSystemDirectoryEntry,
  onBatch: (children: readonly FileSystemEntry[]) => void,
): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const children: FileSystemEntry[] = []
  for (;;) {
    // A hundred at a time, in Chromium; an empty answer is the end.
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (more.length === 0) return children
    onBatch(more)
    children.push(...more)
  }
}
