const KEY = 'own-proxy'

/** The backend that somebody put in place of the demo's, for this tab; null for the demo's. In no link: whoever opens one sends their files where it says. */
export const ownProxy = read()

/** Starts anew with another backend. Throws what `URL` throws where the address is none. */
export function changeProxy(address: string | null): void {
  if (address === null) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, new URL(address, location.href).href.replace(/\/$/, ''))
  location.reload()
}

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null // no storage in this browser, so nothing was put in place
  }
}
