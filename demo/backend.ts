import { randomBytes } from 'node:crypto'
import { createUploadsHandler } from '../src/server/index.js'
import { createDiskStorage, createUploadsApi, type UploadsApi } from '../src/uploads-api/local.js'
import { APPLICATIONS_PATH, createApplicationDesk } from './application-desk.js'
import { createInspection, INSPECTION_PATH } from './inspection.js'
import type { CallApi } from './lab/bad-weather.js'
import { LAB_PATH, SHORT_LIFE_SECONDS } from './lab/conditions.js'
import { createLab } from './lab/lab.js'

// `uploads` is all the backend an app needs. The demo brings its own Uploads API, so that it runs without an account;
// OPENAI_API_KEY sends the files to OpenAI instead, and OPENAI_BASE_URL to anything that speaks the same API.

const { OPENAI_API_KEY, OPENAI_BASE_URL, UPLOADS_DIR = '.uploads', LAB_BYTES_PER_SECOND = '8000000' } = process.env

/** The speed that the lab begins with; 0 is none, and as fast as it goes. */
const labSpeed = Number(LAB_BYTES_PER_SECOND) || null

export const basePath = '/api/uploads'

// Kept in the environment: this module is loaded anew when it is edited, and uploads under way keep their tokens.
process.env.UPLOADS_SECRET ||= randomBytes(32).toString('base64')

// Within one machine, the system swallows megabytes of a request before anyone has read them. On the slow line of the lab,
// small parts keep that from looking like progress.
const maxPartBytes = labSpeed === null ? undefined : 2 ** 20

const handlerFor = (callApi?: CallApi) =>
  createUploadsHandler({
    // Another API may ask for no key, but a request has to carry one.
    apiKey: OPENAI_API_KEY || 'local',
    secret: () => process.env.UPLOADS_SECRET,
    basePath,
    purposes: ['user_data', 'assistants', 'fine-tune', 'batch', 'vision', 'evals'],
    // A real app looks at its session here, and returns null for whoever is not signed in.
    authorize: () => ({ userId: 'demo' }),
    ...(OPENAI_BASE_URL && { baseURL: OPENAI_BASE_URL }),
    ...(callApi && { fetch: callApi, ...(maxPartBytes && { maxPartBytes }) }),
  })

export const handler = OPENAI_API_KEY || OPENAI_BASE_URL ? handlerFor() : withEmbeddedApi()

/** The API in this process, and what only the demo has: the lab, a form's own route, and a look behind the scenes. */
function withEmbeddedApi(): (request: Request) => Promise<Response> {
  const api = createUploadsApi({ storage: createDiskStorage(UPLOADS_DIR) })
  const shortLivedApi = createUploadsApi({
    storage: createDiskStorage(`${UPLOADS_DIR}/short-lived`),
    behaviour: { lifetimeSeconds: SHORT_LIFE_SECONDS },
  })
  const callApi = callOf(api)
  const uploads = handlerFor(callApi)
  const lab = createLab(
    { handlerFor, callApi, callShortLivedApi: callOf(shortLivedApi) },
    { bytesPerSecond: labSpeed, faults: [] },
  )
  const inspect = createInspection(api, shortLivedApi)
  const receive = createApplicationDesk((id) => [...api.files, ...shortLivedApi.files].find((file) => file.id === id))
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === LAB_PATH) return lab.control(request)
    if (pathname === APPLICATIONS_PATH) return receive(request)
    return pathname.startsWith(INSPECTION_PATH) ? inspect(request) : (lab.serve(request) ?? uploads(request))
  }
}

function callOf(api: UploadsApi): CallApi {
  return (url, init) => api.handler(new Request(url, init))
}
