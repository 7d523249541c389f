import {
  createChecksum,
  createIndexedDbResumeStore,
  createProxyFetcher,
  createUploader,
} from 'react-openai-uploads/core'

// What a bundler has to find: the workers, and the code that is loaded when uploads are remembered.
const uploader = createUploader({
  fetcher: createProxyFetcher({ endpoint: '/api/uploads' }),
  resumeStore: createIndexedDbResumeStore('consumer'),
})
Promise.all([createChecksum()(new Blob(['hello'])), uploader.restore()]).then(([{ md5, where }]) => {
  document.body.dataset.result = `${md5} ${where}, persistence ${uploader.persistence}`
})
