import { createElement as h } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { UploadsProvider, useUpload, useUploader, useUploadPolicy, useUploadSnapshot, useUploads } from './index.js'

function Probe() {
  const { add } = useUploader()
  const upload = useUpload({ purpose: 'user_data' })
  const ids = useUploads((uploads) => uploads.ids)
  const row = useUploadSnapshot('nobody')
  const policy = useUploadPolicy()
  return h('p', null, JSON.stringify([typeof add, upload.status, ids, row ?? 'no row', policy]))
}

describe('on a server', () => {
  it('there is no window, and nothing needs one', () => {
    expect(typeof window).toBe('undefined')
    const html = renderToString(h(UploadsProvider, { endpoint: '/api/uploads' }, h(Probe)))
    expect(html).toBe('<p>[&quot;function&quot;,&quot;idle&quot;,[],&quot;no row&quot;,null]</p>')
  })

  it('two requests share nothing', () => {
    const uploaders = new Set<unknown>()
    const Collect = () => {
      uploaders.add(useUploader().uploader)
      return null
    }
    for (let request = 0; request < 2; request += 1) {
      renderToString(h(UploadsProvider, { endpoint: '/api/uploads' }, h(Collect)))
    }
    expect(uploaders.size).toBe(2)
  })
})
