import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { RedisClient } from './redis.js'

/** Whether a real Redis can be had here; says so where it cannot. */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true
  process.stdout.write(
    'SKIPPED: the tests against a real Redis, as there is no redis-server (apt-get install redis-server)\n',
  )
  return false
}

export interface RedisServer {
  /** Path of the socket that it listens on; it has no port, so it clashes with nobody. */
  socket: string
  process: ChildProcess
  stop(): Promise<void>
}

/** Starts a Redis of the test's own, which writes nothing down and is seen by nobody else. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'uploads-redis-'))
  const socket = join(folder, 'redis.sock')
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL')
      await once(server, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  let said = ''
  for await (const chunk of server.stdout) {
    said += String(chunk)
    if (said.includes('eady to accept connections')) {
      return { socket, process: server, stop }
    }
  }
  await stop()
  throw new Error(`redis-server did not start: ${said}`)
}

export interface Connection {
  client: RedisClient
  /** Runs a script, for what only a test wants. */
  evaluate(script: string, ...args: string[]): Promise<unknown>
  close(): Promise<void>
}

/** The clients that apps use, as their documentation says; errors of the line are theirs to hear. */
export const clients: Record<'ioredis' | 'redis', (socket: string) => Promise<Connection>> = {
  ioredis: async (socket) => {
    const client = new Redis({ path: socket, lazyConnect: true })
    client.on('error', () => {})
    await client.connect()
    return {
      client,
      evaluate: (script, ...args) => client.eval(script, 0, ...args),
      close: async () => client.disconnect(),
    }
  },
  redis: async (socket) => {
    const client = createClient({ socket: { path: socket, tls: false } })
    client.on('error', () => {})
    await client.connect()
    return {
      client,
      evaluate: (script, ...args) => client.eval(script, { keys: [], arguments: args }),
      close: async () => client.destroy(),
    }
  },
}

/** Time goes by for every key: it ends so much earlier, and so does each member of a set. */
export const ADVANCE = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'zset' then
    for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -ARGV[1], member) end
  end
  local left = redis.call('PTTL', key)
  if left == -1 then return redis.error_reply(key .. ' stays for ever') end
  if left > tonumber(ARGV[1]) then redis.call('PEXPIRE', key, left - ARGV[1]) else redis.call('DEL', key) end
end
return 'OK'`
