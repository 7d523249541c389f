// Of this page only, so that what one tab does to its network is nothing to another; a reload begins anew.
const bytes = crypto.getRandomValues(new Uint8Array(12))

/** Tells the demo's backend whose conditions a request is under. */
export const session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
