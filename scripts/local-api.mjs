// Serves the Uploads API on this machine: npm run local-api
// PORT (8787), HOST (127.0.0.1), UPLOADS_DIR (.uploads), OPENAI_API_KEY (none is asked for)
// ALLOW_NETWORK=1 lets HOST be an address that other machines reach; it needs OPENAI_API_KEY.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const { module } = await runnerImport('/src/uploads-api/local.ts', { root, configFile: false, logLevel: 'error' })

const { PORT = '8787', HOST = '127.0.0.1', UPLOADS_DIR = '.uploads', OPENAI_API_KEY, ALLOW_NETWORK } = process.env

try {
  const local = await module.startLocalApi({
    port: Number(PORT),
    host: HOST,
    allowNetwork: ALLOW_NETWORK === '1',
    dir: UPLOADS_DIR,
    apiKey: OPENAI_API_KEY || undefined,
  })
  console.log(`Uploads API at ${local.url}, files in ${UPLOADS_DIR}${OPENAI_API_KEY ? ', with an API key' : ''}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => local.close().then(() => process.exit(0)))
} catch (error) {
  console.error(
    error.code === 'EADDRINUSE'
      ? `Port ${PORT} is taken. Choose another one: PORT=8788 npm run local-api`
      : HOST !== '127.0.0.1' && error.code === 'invalid_options'
        ? `${error.message} Leave HOST out, or add ALLOW_NETWORK=1 and OPENAI_API_KEY.`
        : `The Uploads API could not start: ${error.message}`,
  )
  process.exit(1)
}
