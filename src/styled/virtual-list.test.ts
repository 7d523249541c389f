import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { FileObject } from '../core/index.js'
import { createFakeUploads } from '../testing/index.js'
import { UploadDropzone } from './index.js'

const files = Array.from(
  { length: 500 },
  (_, index): FileObject => ({
    id: `file-${index}`,
    object: 'file',
    bytes: 1000,
    created_at: 1_767_225_600,
    filename: `${index}.csv`,
    purpose: 'user_data',
  }),
)

it('renders the top of a long list on a server, and how long it is', () => {
  const { fetcher } = createFakeUploads()
  const props = { fetcher, purpose: 'user_data', initialFiles: files, foldAbove: 1000, locale: 'en' } as const
  const html = renderToString(createElement(UploadDropzone, props))
  expect(html).toContain('aria-label="Uploads, 500 files"')
  expect(html.match(/<li /g)).toHaveLength(12)
  expect(html).toContain('12 of 500')
})
