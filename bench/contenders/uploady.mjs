// react-uploady's chunked uploads, without React, which has no part in them: forms with a range, so many at a time.
import { getChunkedEnhancer } from '@rpldy/chunked-sender'
import createUploader, { UPLOADER_EVENTS } from '@rpldy/uploader'

export default (files, { base, partBytes, concurrency }) =>
  new Promise((resolve, reject) => {
    const alone = files.length === 1
    const uploader = createUploader({
      enhancer: getChunkedEnhancer({ chunkSize: partBytes, parallel: alone ? concurrency : 1 }),
      destination: { url: `${base}/form` },
      concurrent: true,
      maxConcurrent: alone ? 1 : concurrency,
    })
    let left = files.length
    uploader.on(UPLOADER_EVENTS.ITEM_FINISH, () => {
      left -= 1
      if (left === 0) resolve()
    })
    uploader.on(UPLOADER_EVENTS.ITEM_ERROR, (item) => reject(new Error(JSON.stringify(item.uploadResponse))))
    void uploader.add(files)
  })
