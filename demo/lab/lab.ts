import { isOwnPage } from '../own-page.js'
import { type Backend, BadWeather } from './bad-weather.js'
import { type Conditions, parseConditions, SESSION_HEADER } from './conditions.js'

/** Nobody plays with more pages than this at a time; the oldest goes back to the first conditions. */
const MAX_SESSIONS = 500

export interface Lab {
  /** Answers an upload request under the conditions of the page that sent it; null for a page that has none. */
  serve(request: Request): Promise<Response> | null
  /** Tells a page the conditions it begins with, and sets those it asks for. */
  control(request: Request): Promise<Response>
}

/** Gives each page that opens the demo a network and an API of its own to disturb. */
export function createLab(backend: Backend, first: Conditions): Lab {
  const sessions = new Map<string, BadWeather>()

  function weatherOf(request: Request): BadWeather | null {
    const session = request.headers.get(SESSION_HEADER)
    if (session === null || !/^[\w-]{8,64}$/.test(session)) return null
    const weather = sessions.get(session) ?? new BadWeather(backend, first)
    // Last in, last out.
    sessions.delete(session)
    sessions.set(session, weather)
    const [oldest = session] = sessions.keys()
    if (sessions.size > MAX_SESSIONS) sessions.delete(oldest)
    return weather
  }

  return {
    serve: (request) => weatherOf(request)?.serve(request) ?? null,
    control: async (request) => {
      if (!isOwnPage(request)) return new Response(null, { status: 403 })
      if (request.method === 'GET') return Response.json(first)
      if (request.method !== 'PUT') return new Response(null, { status: 405, headers: { allow: 'GET, PUT' } })
      const weather = weatherOf(request)
      const conditions = parseConditions(await request.json().catch(() => null))
      if (!weather || !conditions) return new Response(null, { status: 400 })
      weather.conditions = conditions
      return Response.json(conditions)
    },
  }
}
