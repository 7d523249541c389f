import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { randomOf } from './random.test.kit.js'

// Clients upload, cancel and delete at a local server that is killed in the middle of it, again and again, on one folder.

export interface KillOptions {
  kills: number
  /** Of what the clients do. When a kill comes is measured by the clock all the same. */
  seed: number
  /** An empty folder. */
  dir: string
}

/** What was done and seen; `problems` must be empty. */
export interface KillReport {
  kills: number
  killsDuringStart: number
  uploads: number
  completed: number
  cancelled: number
  deleted: number
  /** Files compared byte for byte after a restart. */
  filesCompared: number
  bytesCompared: number
  /** Open Uploads that went on after a restart, with Parts from before it. */
  wentOn: number
  /** Completed without an answer: found whole after the restart. */
  completedUnheard: number
  /** Half-written or useless files in the folder at the moment of a kill, all gone after the restart. */
  leftovers: number
  problems: string[]
}

type Fate = 'open' | 'completing' | 'completed' | 'cancelling' | 'cancelled' | 'deleting' | 'deleted'

/** What the clients know of an Upload. */
interface Known {
  name: string
  /** Which of the clients it belongs to. */
  client: number
  id: string
  fate: Fate
  /** What the Parts of the file have to be, in order; `id` once the server has said it. */
  parts: { bytes: Buffer; id: string | null }[]
  /** Sizes of all Parts that were sent. */
  sent: Set<number>
  fileId: string
}

// Two that are seldom busy at once would leave few half-written files behind.
const CLIENTS = 6
const MOST_FILES = 30
const MOST_MS = 150

export async function killAgainAndAgain({ kills, seed, dir }: KillOptions): Promise<KillReport> {
  const program = join(dir, 'server.mjs')
  const folder = join(dir, 'kept')
  await bundleTo(program)
  const run = new Run(folder, randomOf(seed))
  for (let kill = 0; kill < kills; kill += 1) {
    const server = fork(program, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    try {
      await run.live(server)
    } finally {
      server.kill('SIGKILL')
      await exitOf(server)
    }
    run.report.kills += 1
    run.countLeftovers()
  }
  const last = fork(program, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await run.look(await urlOf(last))
  last.kill('SIGKILL')
  await exitOf(last)
  return run.report
}

async function bundleTo(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('kills-server.test.kit.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    logLevel: 'warning',
  })
}

class Run {
  readonly report: KillReport = {
    kills: 0,
    killsDuringStart: 0,
    uploads: 0,
    completed: 0,
    cancelled: 0,
    deleted: 0,
    filesCompared: 0,
    bytesCompared: 0,
    wentOn: 0,
    completedUnheard: 0,
    leftovers: 0,
    problems: [],
  }
  readonly #folder: string
  readonly #random: (below: number) => number
  readonly #pool: Buffer
  readonly #known = new Map<string, Known>()
  /** Called when an upload was completed. */
  #look = () => {}

  constructor(folder: string, random: (below: number) => number) {
    this.#folder = folder
    this.#random = random
    this.#pool = Buffer.from(Array.from({ length: 2 ** 20 }, () => random(256)))
  }

  /** One life of the server, until it is killed. */
  async live(server: ChildProcess): Promise<void> {
    if (this.#random(10) === 0) {
      // In the middle of what a start does.
      this.report.killsDuringStart += 1
      await Promise.race([delay(20 + this.#random(120)), urlOf(server)])
      return
    }
    const url = await urlOf(server)
    await this.look(url)
    const ended = new AbortController()
    const clients = Array.from({ length: CLIENTS }, (_, index) => this.#work(url, index, ended.signal))
    await delay(this.#random(MOST_MS))
    // On a busy machine that may be too soon for a kill to have anything to destroy.
    await Promise.race([this.#somethingToLose(), Promise.all(clients)])
    ended.abort()
    server.kill('SIGKILL')
    await Promise.all(clients)
  }

  /** After a restart: what was acknowledged is there, what is there is whole, and nothing else is. */
  async look(url: string): Promise<void> {
    const files = new Map((await allFiles(url)).map((file) => [file.filename, file]))
    const known = [...this.#known.values()]
    for (const upload of known) await this.#compare(url, upload, files.get(upload.name)?.id)
    for (const name of files.keys()) if (!this.#known.has(name)) this.#problem(`${name} is a File nobody asked for`)
    this.#lookAtFolder(files)
    for (const upload of known) {
      // Goes on where it was; without an answer, it asks again.
      if (upload.fate === 'cancelling') await this.#cancel(url, upload)
      else if (upload.fate === 'completing') await this.#goOn(url, upload)
      else if (upload.fate === 'open' && upload.parts.every((part) => part.id !== null)) await this.#goOn(url, upload)
    }
  }

  countLeftovers(): void {
    this.report.leftovers += this.#names().filter((path) => path.endsWith('.tmp')).length
  }

  /** Resolves once there is a File. */
  #somethingToLose(): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if ([...this.#known.values()].some(({ fate }) => fate === 'completed')) resolve()
      }
      this.#look()
    })
  }

  async #compare(url: string, upload: Known, fileId: string | undefined): Promise<void> {
    const { fate, name } = upload
    if (fate === 'completed' && fileId !== upload.fileId) this.#problem(`${name} was completed and is lost`)
    if (fileId === undefined) {
      if (fate === 'deleting') upload.fate = 'deleted'
      return
    }
    if (fate === 'completing') {
      this.report.completedUnheard += 1
      Object.assign(upload, { fate: 'completed', fileId })
    } else if (fate !== 'completed' && fate !== 'deleting') this.#problem(`${name} is ${fate} and has a File`)
    const stored = Buffer.from(await (await fetch(`${url}/files/${fileId}/content`)).arrayBuffer())
    if (!stored.equals(contentOf(upload))) this.#problem(`${name} has other bytes than were sent`)
    this.report.filesCompared += 1
    this.report.bytesCompared += stored.length
  }

  async #goOn(url: string, upload: Known): Promise<void> {
    const { status } = await this.#complete(url, upload)
    this.report.wentOn += 1
    if (status !== 200) this.#problem(`${upload.name} could not go on: ${status}`)
  }

  /** Each folder has a record, each Part is one that was sent, and what has ended has none too many. */
  #lookAtFolder(files: ReadonlyMap<string, { id: string }>): void {
    const byId = new Map([...this.#known.values()].map((upload) => [upload.id, upload]))
    for (const folder of existsSync(this.#folder) ? readdirSync(this.#folder) : []) {
      if (folder === '.owner') continue
      const names = readdirSync(join(this.#folder, folder))
      const upload = byId.get(folder)
      if (!names.includes('upload.json')) this.#problem(`${folder} has no record`)
      const parts = names.filter((name) => name !== 'upload.json')
      for (const part of parts) {
        const bytes = readFileSync(join(this.#folder, folder, part))
        const sent = upload?.parts.find(({ id }) => id === part)?.bytes
        if (part.endsWith('.tmp')) this.#problem(`${folder}/${part} was not removed`)
        else if (sent ? !sent.equals(bytes) : upload && !upload.sent.has(bytes.length)) {
          this.#problem(`${folder}/${part} is not what was sent`)
        }
      }
      const expected = upload && files.has(upload.name) ? upload.parts.length : 0
      const isOpen = !upload || upload.fate === 'open' || upload.fate === 'completing' || upload.fate === 'cancelling'
      if (!isOpen && parts.length !== expected) this.#problem(`${folder} keeps ${parts.length} Parts of ${expected}`)
    }
  }

  #names(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder, { recursive: true }).map(String) : []
  }

  #problem(text: string): void {
    this.report.problems.push(`kill ${this.report.kills}: ${text}`)
  }

  // CLIENTS

  /** One thing after the other until the server is gone. */
  async #work(url: string, client: number, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) await this.#act(url, client)
    } catch (error) {
      // A connection that breaks is what this is about; what it leaves behind is looked at after the restart.
      if (!signal.aborted) throw error
    }
  }

  async #act(url: string, client: number): Promise<void> {
    const mine = [...this.#known.values()].filter((upload) => upload.client === client)
    const files = mine.filter(({ fate }) => fate === 'completed')
    const [file] = files
    if (file && (files.length > MOST_FILES / CLIENTS || this.#random(6) === 0)) return this.#delete(url, file)
    const upload = mine.find(({ fate }) => fate === 'open') ?? (await this.#create(url, client))
    const missing = upload.parts.filter(({ id }) => id === null)
    if (missing.length === 0) return void (await this.#complete(url, upload))
    if (this.#random(12) === 0) return this.#cancel(url, upload)
    // Two at a time, as a browser does it.
    await Promise.all(missing.slice(0, 2).map((part) => this.#send(url, upload, part)))
  }

  async #create(url: string, client: number): Promise<Known> {
    this.report.uploads += 1
    const name = `file-${this.report.uploads}.bin`
    const parts = Array.from({ length: 1 + this.#random(4) }, () => ({ bytes: this.#bytes(), id: null }))
    const bytes = parts.reduce((total, part) => total + part.bytes.length, 0)
    const body = { filename: name, purpose: 'user_data', mime_type: 'application/octet-stream', bytes }
    const { id } = (await post(`${url}/uploads`, body)).body
    const upload: Known = { name, client, id: String(id), fate: 'open', parts, sent: new Set(), fileId: '' }
    this.#known.set(name, upload)
    return upload
  }

  #bytes(): Buffer {
    const length = 1 + this.#random(this.#random(4) === 0 ? 2 ** 19 : 2 ** 14)
    const start = this.#random(this.#pool.length - length)
    return this.#pool.subarray(start, start + length)
  }

  async #send(url: string, upload: Known, part: Known['parts'][number]): Promise<void> {
    upload.sent.add(part.bytes.length)
    const form = new FormData()
    form.set('data', new Blob([new Uint8Array(part.bytes)]), 'part')
    const response = await fetch(`${url}/uploads/${upload.id}/parts`, { method: 'POST', body: form })
    const { id } = (await response.json()) as { id: string }
    if (response.ok) part.id = id
    else this.#problem(`a Part of ${upload.name} was answered ${response.status}`)
  }

  async #complete(url: string, upload: Known): Promise<{ status: number }> {
    upload.fate = 'completing'
    const md5 = createHash('md5').update(contentOf(upload)).digest('hex')
    const answer = await post(`${url}/uploads/${upload.id}/complete`, {
      part_ids: upload.parts.map(({ id }) => id),
      md5,
    })
    if (answer.status !== 200) return answer
    this.report.completed += 1
    Object.assign(upload, { fate: 'completed', fileId: (answer.body.file as { id: string }).id })
    this.#look()
    return answer
  }

  async #cancel(url: string, upload: Known): Promise<void> {
    upload.fate = 'cancelling'
    const { status } = await post(`${url}/uploads/${upload.id}/cancel`, {})
    // 400 is for one that had been cancelled and did not hear of it.
    if (status !== 200 && status !== 400) this.#problem(`cancel of ${upload.name} was answered ${status}`)
    this.report.cancelled += 1
    upload.fate = 'cancelled'
  }

  async #delete(url: string, upload: Known): Promise<void> {
    upload.fate = 'deleting'
    const response = await fetch(`${url}/files/${upload.fileId}`, { method: 'DELETE' })
    await response.arrayBuffer()
    if (!response.ok) this.#problem(`delete of ${upload.name} was answered ${response.status}`)
    this.report.deleted += 1
    upload.fate = 'deleted'
  }
}

function contentOf({ parts }: Known): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes))
}

async function post(url: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function allFiles(url: string): Promise<{ id: string; filename: string }[]> {
  const response = await fetch(`${url}/files?limit=10000`)
  return ((await response.json()) as { data: { id: string; filename: string }[] }).data
}

function urlOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('message', (url) => resolve(url as string))
    server.once('exit', () => reject(new Error('the server ended by itself')))
  })
}

function exitOf(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) resolve()
    else server.once('exit', () => resolve())
  })
}
