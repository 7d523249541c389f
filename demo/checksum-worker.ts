// oxlint-disable import/default -- Vite makes an address of them.
import fast from '../src/core/checksum.worker.ts?worker&url'
import plain from '../src/core/checksum-plain.worker.ts?worker&url'
import type { ChecksumScript } from '../src/core/index.js'

// Only a page under `require-trusted-types-for 'script'` needs this: there, the address of a worker has to come from a
// policy of the app's own. Everywhere else the kit finds its workers itself.

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

const addresses: Readonly<Record<ChecksumScript, string>> = {
  'checksum.worker.js': fast,
  'checksum-plain.worker.js': plain,
}
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
// It trusts these two and nothing else.
const policy = trustedTypes?.createPolicy('demo', {
  createScriptURL: (script) => addresses[script as ChecksumScript] ?? '',
})

export function createWorker(script: ChecksumScript): Worker {
  return new Worker(policy?.createScriptURL(script) ?? addresses[script], { type: 'module' })
}
