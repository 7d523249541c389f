'use server'
import type { UploadedFile } from 'react-openai-uploads'
import type { ArticleState } from './article-form'

export async function publish(_: ArticleState, form: FormData): Promise<ArticleState> {
  const title = textOf(form.get('title'))
  const files = await Promise.all(form.getAll('fileIds').map(fileOf))
  const known = files.filter((file) => file !== null)
  if (known.length < files.length || known.length === 0) {
    return { title, files: known, error: 'A file is missing. Choose it again.' }
  }
  if (title.length < 3) return { title, files: known, error: 'The title is too short for these files.' }
  // Here an app would store the article with its file ids.
  const names = known.map(({ name, fileId }) => `${name} (${fileId})`).join(', ')
  return { title: '', files: [], message: `Published “${title}” with ${names}.` }
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** What OpenAI knows of a file; null when it knows none of this id. */
async function fileOf(id: FormDataEntryValue): Promise<UploadedFile | null> {
  if (typeof id !== 'string' || !/^file-[\w-]+$/.test(id)) return null
  const { OPENAI_BASE_URL = 'https://api.openai.com/v1', OPENAI_API_KEY } = process.env
  const response = await fetch(`${OPENAI_BASE_URL}/files/${id}`, {
    headers: { authorization: `Bearer ${OPENAI_API_KEY}` },
  })
  if (!response.ok) return null
  const { filename, bytes } = (await response.json()) as { filename: string; bytes: number | null }
  return { fileId: id, uploadId: null, name: filename, bytes }
}
