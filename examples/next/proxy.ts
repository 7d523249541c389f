/** Whatever an app decides on the way to its pages; to return nothing is to let it pass. */
export function proxy(request: Request): Response | undefined {
  return request.headers.has('x-maintenance') ? new Response('Back soon.', { status: 503 }) : undefined
}

// Not the uploads: Next keeps a copy of each body that passes here, and cuts the body after 10 MB without a word.
export const config = { matcher: ['/((?!api/uploads).*)'] }
