import { createChecksum } from 'react-openai-uploads/core'

createChecksum()(new Blob(['hello'])).then(({ md5, where }) => {
  document.body.dataset.result = `${md5} ${where}`
})
