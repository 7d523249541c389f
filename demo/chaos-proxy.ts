import { createServer, type Server } from 'node:net'
import { Exchange } from './chaos-exchange.js'
import { ActiveRule, type Rule } from './chaos-faults.js'

/** A TCP proxy that does to HTTP/1.1 what networks, proxies and servers do on their bad days. */
export interface ChaosProxy {
  readonly port: number
  /** Every request that came by, in order of its connection. */
  readonly exchanges: readonly Exchange[]
  /** Adds a rule; of those that match a request, the oldest hits it. */
  inject(rule: Rule): ActiveRule
  /** Ends all rules; what they hold goes on. */
  clear(): void
  /** Bytes a second of all requests together; null is no limit. */
  setBandwidth(bytesPerSecond: number | null): void
  /** Refuses connections, and resets those there are, until it is up again. */
  down(): Promise<void>
  up(): Promise<void>
  close(): Promise<void>
}

/** Starts a proxy on a free port of this machine. */
export async function startChaosProxy(target: { host: string; port: number }): Promise<ChaosProxy> {
  const exchanges: Exchange[] = []
  let rules: ActiveRule[] = []
  let bandwidth: number | null = null
  let busyUntil = 0

  const host = {
    target,
    ruleFor: (...request: Parameters<ActiveRule['takes']>) => rules.find((rule) => rule.takes(...request)) ?? null,
    budget: async (bytes: number) => {
      if (bandwidth === null) return
      const now = performance.now()
      busyUntil = Math.max(now, busyUntil) + (bytes / bandwidth) * 1000
      await new Promise((resolve) => setTimeout(resolve, busyUntil - now))
    },
  }
  const open = () =>
    createServer((client) => {
      exchanges.push(new Exchange(client, host))
    })
  let server = open()
  const port = await listen(server, 0)

  const down = () => {
    for (const exchange of exchanges) if (exchange.isOpen) exchange.reset()
    return new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  }
  const clear = () => {
    for (const rule of rules) rule.release()
    rules = []
  }
  return {
    port,
    get exchanges() {
      return exchanges.filter(({ head }) => head !== null)
    },
    inject: (rule) => {
      const active = new ActiveRule({ ...rule })
      rules.push(active)
      return active
    },
    clear,
    setBandwidth: (bytesPerSecond) => {
      bandwidth = bytesPerSecond
      busyUntil = 0
    },
    down,
    up: async () => {
      server = open()
      await listen(server, port)
    },
    close: async () => {
      clear()
      await down()
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}
