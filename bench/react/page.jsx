// The page of `bench/react`: one list, `?list=`, whose uploads move as the script says.
import { createRoot } from 'react-dom/client'
import { createUploader } from 'react-openai-uploads/core'
import { drawn, lists } from './lists.jsx'
import { createScriptedFetcher } from './scripted-fetcher.mjs'

const List = lists[new URLSearchParams(location.search).get('list')]
const { fetcher, told } = createScriptedFetcher()
const listeners = new Set()
const watched = {
  ...fetcher,
  addPart: (part, { onProgress, ...options }) =>
    fetcher.addPart(part, {
      ...options,
      onProgress: (bytes) => {
        onProgress(bytes)
        for (const listener of listeners) listener()
      },
    }),
}
const onEvent = (listener) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const uploader = createUploader({
  fetcher: watched,
  checksum: 'off',
  concurrency: 6,
  defaults: { purpose: 'user_data' },
  rules: { accept: ['.bin'] },
})

let chosen = 0
addEventListener('change', () => (chosen = performance.now()), { capture: true })

/** Ms from the moment that files were chosen until they were painted. */
window.painted = (files) =>
  new Promise((resolve) => {
    const look = () => {
      const isThere = chosen > 0 && uploader.getSnapshot().ids.length === files && document.querySelector('li')
      if (!isThere) return requestAnimationFrame(look)
      // A frame is on the screen when the next one begins.
      requestAnimationFrame(() => resolve(performance.now() - chosen))
    }
    look()
  })
window.state = () => ({
  events: told.events,
  ...drawn,
  uploading: uploader.getSnapshot().ids.filter((id) => uploader.get(id).status === 'uploading').length,
  rowsInPage: document.querySelectorAll('li').length,
})

createRoot(document.querySelector('#list')).render(<List uploader={uploader} onEvent={onEvent} />)
document.title = 'ready'
