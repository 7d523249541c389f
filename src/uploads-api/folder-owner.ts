import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UploadError } from '../protocol/index.js'

/**
 * Takes a folder for this process, until what it gives is called. Rejects with `invalid_options` while another process has
 * it: each would remove what the other is writing, and change Uploads that the other takes for open. Who died owns nothing.
 */
export async function takeFolder(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, '.owner')
  while (!(await isWritten(path))) {
    const owner = Number(await readFile(path, 'utf8').catch(() => ''))
    if (owner !== process.pid && isAlive(owner)) throw inUse(dir, owner)
    await rm(path, { force: true })
  }
  return () => rm(path, { force: true })
}

/** False where there is one already. */
async function isWritten(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false
    throw error
  }
}

/** Signal 0 only asks. A process of somebody else's answers that it is not ours to ask, and so lives. */
function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}

function inUse(dir: string, owner: number): UploadError {
  return new UploadError('invalid_options', `The folder '${dir}' is in use by process ${owner}.`, {
    hint: 'Give each process a folder of its own. If that one is no Uploads API, remove the file .owner in the folder.',
  })
}
