/** A foreign page may not read along; a typed address and a program may. */
export function isOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'none' || site === 'same-origin'
}
