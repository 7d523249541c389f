import { type ReactNode, useState } from 'react'
import { userEvent, waitFor, within } from 'storybook/test'
import { createUploader, type FileObject, type UploaderOptions } from '../src/core/index.js'
import { UploadDropzone, type UploadDropzoneProps } from '../src/styled/index.js'
import { makeFile } from '../src/testing/index.js'
import { type Script, scriptedFetcher } from './scripted-fetcher.js'

export interface SceneProps extends UploadDropzoneProps {
  /** By file name. */
  scripts?: Record<string, Script>
  line?: { latency?: number; bytesPerSecond?: number }
  engine?: Partial<UploaderOptions>
}

/** Parts small enough that a story's file has a dozen of them. */
export const PART_BYTES = 100_000

export function useScriptedUploader({ scripts = {}, line, engine }: Pick<SceneProps, 'scripts' | 'line' | 'engine'>) {
  const [uploader] = useState(() =>
    createUploader({
      fetcher: scriptedFetcher(scripts, line),
      partSize: PART_BYTES,
      checksum: 'off',
      concurrency: 16,
      ...engine,
    }),
  )
  return uploader
}

/** The styled dropzone over a scripted API. */
export function Scene({ scripts, line, engine, ...props }: SceneProps): ReactNode {
  const uploader = useScriptedUploader({
    ...(scripts && { scripts }),
    ...(line && { line }),
    ...(engine && { engine }),
  })
  return <UploadDropzone uploader={uploader} purpose="user_data" locale="en" {...props} />
}

/** A file of a dozen parts. */
export function file(name: string, bytes = 12 * PART_BYTES, type = ''): File {
  return makeFile(name, bytes, { type, lastModified: 1 })
}

/** Chooses files in the picker, as a person would. */
export async function choose(canvasElement: HTMLElement, ...files: File[]): Promise<void> {
  const input = canvasElement.querySelector<HTMLInputElement>('input[type="file"]')
  await userEvent.upload(input as HTMLInputElement, files, { applyAccept: false })
}

/** Many small files, numbered from 1. */
export function files(count: number, bytes = 1000): File[] {
  return Array.from({ length: count }, (_, index) => file(`file-${String(index + 1).padStart(4, '0')}.csv`, bytes))
}

/** Many files that OpenAI already has. */
export function fileObjects(count: number): FileObject[] {
  return files(count).map(({ name, size }, index) => ({
    id: `file-${index + 1}`,
    object: 'file',
    bytes: size,
    created_at: 1_767_225_600 + index,
    filename: name,
    purpose: 'user_data',
  }))
}

/** Chooses files the next time that something opens a picker of its own. */
export function answerPicker(...chosen: File[]): void {
  const { click } = HTMLInputElement.prototype
  HTMLInputElement.prototype.click = function answer() {
    HTMLInputElement.prototype.click = click
    const data = new DataTransfer()
    for (const one of chosen) data.items.add(one)
    this.files = data.files
    this.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

/** The row of a file, once it is in a phase. */
export async function rowOf(canvasElement: HTMLElement, name: string, phase?: string): Promise<HTMLElement> {
  const row = await waitFor(() => {
    const item = within(canvasElement).getByText(name).closest<HTMLElement>('li')
    if (phase && item?.dataset['phase'] !== phase) throw new Error(`${name} is ${item?.dataset['phase']}, not ${phase}`)
    return item as HTMLElement
  })
  return row
}

/** Drags files over the dropzone, as far as a page can be told so. */
export function drag(canvasElement: HTMLElement, type: 'dragenter' | 'dragleave' | 'drop', ...files: File[]): void {
  const zone = canvasElement.querySelector('[data-slot="upload-dropzone"]') as HTMLElement
  fire(zone, type, files)
}

/** Drags files over the page, beside the dropzone. */
export function dragOverPage(type: 'dragenter' | 'dragleave', ...files: File[]): void {
  fire(document.body, type, files)
}

function fire(target: HTMLElement, type: string, files: readonly File[]): void {
  const dataTransfer = new DataTransfer()
  for (const dragged of files) dataTransfer.items.add(dragged)
  target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
}

/** Drops a folder, which no page can make: what the browser would say about one. */
export function dropFolder(canvasElement: HTMLElement, folder: FileSystemDirectoryEntry): void {
  const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() })
  const item = { kind: 'file', type: '', webkitGetAsEntry: () => folder }
  Object.defineProperty(event, 'dataTransfer', { value: { items: [item], files: [], types: ['Files'] } })
  canvasElement.querySelector('[data-slot="upload-dropzone"]')?.dispatchEvent(event)
}

/** A folder with these files in it; `held` never tells the end of its list. */
export function folder(name: string, files: readonly File[], { held = false } = {}): FileSystemDirectoryEntry {
  const batches = [files.map(fileEntry), []]
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => ({
      readEntries: (resolve: (entries: FileSystemEntry[]) => void) => {
        const batch = batches.shift() ?? []
        if (batch.length > 0 || !held) resolve(batch)
      },
    }),
  } as unknown as FileSystemDirectoryEntry
}

function fileEntry(content: File): FileSystemEntry {
  const file = (resolve: (file: File) => void) => resolve(content)
  return { name: content.name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry
}
