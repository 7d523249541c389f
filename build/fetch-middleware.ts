import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import { type Connect, type Plugin, runnerImport } from 'vite'

type Handler = (request: Request) => Promise<Response>
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown
type Modules = [backend: { handler: Handler }, node: { toNodeListener: (handler: Handler) => Listener }]

/**
 * Serves the fetch-standard `handler` that `backend` exports under `base`, in `vite` and `vite preview`,
 * through the kit's own Node adapter. It answers before Vite's own middleware.
 */
export function fetchMiddleware({ backend, base }: { backend: string; base: string }): Plugin {
  const paths = [resolve(backend), resolve('src/server/node.ts')]
  const serve =
    (listener: () => Promise<Listener>): Connect.NextHandleFunction =>
    (request, response, next) => {
      if (!request.url?.startsWith(base)) return next()
      listener()
        .then((listen) => listen(request, response))
        .catch(next)
    }
  const adapt = ([{ handler }, { toNodeListener }]: Modules) => toNodeListener(handler)
  return {
    name: 'kit:fetch-middleware',
    configureServer(server) {
      // Loaded anew for each request: cached by Vite until a source changes.
      const load = () => Promise.all(paths.map((path) => server.ssrLoadModule(path)))
      server.middlewares.use(serve(async () => adapt((await load()) as Modules)))
    },
    configurePreviewServer(server) {
      const loaded = Promise.all(paths.map((path) => runnerImport(path)))
      const listener = loaded.then((results) => adapt(results.map(({ module }) => module) as Modules))
      listener.catch((error: unknown) => server.config.logger.error(String(error)))
      server.middlewares.use(serve(() => listener))
    },
  }
}
