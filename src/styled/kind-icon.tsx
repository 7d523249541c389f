import type { ReactNode } from 'react'
import type { FileInfo } from '../core/index.js'
import { Icon } from './icons.js'

export type FileKind = 'image' | 'audio' | 'video' | 'archive' | 'table' | 'text'

const KINDS: Record<Exclude<FileKind, 'text'>, RegExp> = {
  image: /^(image\/|.*\.(avif|bmp|gif|heic|heif|jpe?g|png|svg|tiff?|webp)$)/,
  audio: /^(audio\/|.*\.(aac|flac|m4a|mp3|oga|ogg|opus|wav)$)/,
  video: /^(video\/|.*\.(avi|m4v|mkv|mov|mp4|mpeg|webm)$)/,
  archive: /\.(7z|bz2|gz|rar|tar|tgz|zip|zst)$/,
  table: /\.(csv|jsonl?|ods|parquet|tsv|xlsx?)$/,
}

/** What a file seems to be, by its name and type: good enough for an icon, and for nothing else. */
export function kindOfFile({ name, type }: Pick<FileInfo, 'name' | 'type'>): FileKind {
  for (const [kind, pattern] of Object.entries(KINDS)) {
    if (pattern.test(type.toLowerCase()) || pattern.test(name.toLowerCase())) return kind as FileKind
  }
  return 'text'
}

const sheet = <path d="M11.5 3.5h-5A1.5 1.5 0 0 0 5 5v10a1.5 1.5 0 0 0 1.5 1.5h7A1.5 1.5 0 0 0 15 15V7zm0 0V7H15" />
const drawings: Record<FileKind, ReactNode> = {
  image: (
    <>
      <rect x="3.5" y="4" width="13" height="12" rx="1.5" />
      <circle cx="7.5" cy="8" r="1.2" />
      <path d="m4 14 3.5-3 2.5 2 3-3.5 3.5 4" />
    </>
  ),
  audio: (
    <>
      <path d="M8 14V5.5l7-1.5v8.5" />
      <circle cx="6.2" cy="14" r="1.8" />
      <circle cx="13.2" cy="12.5" r="1.8" />
    </>
  ),
  video: (
    <>
      <rect x="3.5" y="4.5" width="13" height="11" rx="1.5" />
      <path d="m8.5 7.8 3.8 2.2-3.8 2.2z" />
    </>
  ),
  archive: (
    <>
      {sheet}
      <path d="M8.5 4v1m0 2v1m0 2v1m0 2v1" />
    </>
  ),
  table: (
    <>
      <rect x="3.5" y="4" width="13" height="12" rx="1.5" />
      <path d="M3.5 8h13m-13 4h13M8 8v8" />
    </>
  ),
  text: (
    <>
      {sheet}
      <path d="M7.5 10.5h5m-5 3h5" />
    </>
  ),
}

/** The kind of a file, for rows whose words say what the upload is doing. */
export function KindIcon({ kind }: { kind: FileKind }): ReactNode {
  return <Icon>{drawings[kind]}</Icon>
}
