// The whole file in one request.
import { inParallel } from './parallel.mjs'
import { send } from './pool.mjs'

export default async function upload(files, { base, concurrency }) {
  await inParallel(concurrency, files, (file) => send('PUT', `${base}/put/${file.name}`, file))
}
