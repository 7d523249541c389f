import type { Settings } from './settings.js'

/** What must not be printed even when it is not ours: OpenAI's own error texts quote parts of keys and account ids. */
const patterns = [/\b(?:sk|sess|org|proj)[-_][\w*-]+/g, /\bBearer\s+\S+/gi, /\beyJ[\w-]+\.[\w.-]+/g]

/** Takes keys, tokens and account ids out of a text that somebody else wrote. */
export function redact(text: string, hidden: Iterable<string>): string {
  let clean = text
  for (const secret of hidden) if (secret !== '') clean = clean.replaceAll(secret, '[redacted]')
  return patterns.reduce((text, pattern) => text.replace(pattern, '[redacted]'), clean)
}

/**
 * Runs what the app listens with. It may throw, or be async and reject, which would end the process: the answer matters
 * more, and the app has ways of its own to find out.
 */
export function tellApp(listener: () => unknown): void {
  void (async () => listener())().catch(() => {})
}

/** Tells the app about a failure on our side; whatever the app does with it cannot fail the request. */
export function report(error: unknown, request: Request, settings: Settings): void {
  tellApp(() => {
    if (settings.onError) return settings.onError(error, request)
    const hidden = [...settings.hidden(), ...tokensOf(request)]
    // No stack and no headers: these fields and nothing else.
    console.error('react-openai-uploads:', {
      method: request.method,
      error: error instanceof Error ? redact(`${error.name}: ${error.message}`, hidden) : 'a value that is no Error',
      ...(error instanceof Error && error.cause instanceof Error && { cause: redact(nameOf(error.cause), hidden) }),
    })
  })
}

/** `ECONNREFUSED` says more than `TypeError: fetch failed` does. */
function nameOf(cause: Error): string {
  const { code } = cause as { code?: unknown }
  return typeof code === 'string' ? code : `${cause.name}: ${cause.message}`
}

function tokensOf(request: Request): string[] {
  return ['authorization', 'cookie', 'x-upload-token'].flatMap((name) => request.headers.get(name) ?? [])
}
