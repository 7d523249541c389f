import { randomBytes } from 'node:crypto'
import { createUploadsHandler } from '../src/server/index.js'
import { createDiskStorage, createUploadsApi } from '../src/uploads-api/local.js'
import { createInspection, INSPECTION_PATH } from './inspection.js'

// This file is all the backend an app needs. The demo brings its own Uploads API, so that it runs without an account;
// OPENAI_API_KEY sends the files to OpenAI instead, and OPENAI_BASE_URL to anything that speaks the same API.

const { OPENAI_API_KEY, OPENAI_BASE_URL, UPLOADS_DIR = '.uploads' } = process.env

export const basePath = '/api/uploads'

/** The API in this process, unless the environment names another one. */
const embedded =
  OPENAI_API_KEY || OPENAI_BASE_URL ? null : createUploadsApi({ storage: createDiskStorage(UPLOADS_DIR) })

// Kept in the environment: this module is loaded anew when it is edited, and uploads under way keep their tokens.
process.env.UPLOADS_SECRET ||= randomBytes(32).toString('base64')

const uploads = createUploadsHandler({
  // Another API may ask for no key, but a request has to carry one.
  apiKey: OPENAI_API_KEY || 'local',
  secret: () => process.env.UPLOADS_SECRET,
  basePath,
  purposes: ['user_data', 'assistants', 'fine-tune', 'batch', 'vision', 'evals'],
  // A real app looks at its session here, and returns null for whoever is not signed in.
  authorize: () => ({ userId: 'demo' }),
  ...(OPENAI_BASE_URL && { baseURL: OPENAI_BASE_URL }),
  ...(embedded && { fetch: (url: string, init: RequestInit) => embedded.handler(new Request(url, init)) }),
})

const inspect = embedded && createInspection(embedded)

export const handler = (request: Request): Promise<Response> =>
  inspect && new URL(request.url).pathname.startsWith(INSPECTION_PATH) ? inspect(request) : uploads(request)
