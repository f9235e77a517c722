/** Real Redis servers for tests: on a loopback port, with a password, in a folder of their own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import { reportMissing } from './required.ts'

/** Whether redis-server can be run. Fails at import where `LAPERM_REQUIRE` names `redis`. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
if (!hasRedis)
  reportMissing('redis', 'there is no redis-server; on Debian `apt-get install redis-server` gives it')

/** A server of a test file. Whoever starts it stops it. */
export interface RedisServer {
  readonly port: number
  readonly password: string
  /** With the password. */
  readonly url: string
  readonly stop: () => Promise<void>
  /** On the same port, with what was there before. */
  readonly start: () => Promise<void>
}

/** A port that nothing listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

/** Start a server that keeps every command on disk. @param settings further lines of its configuration, as arguments. */
export const startRedis = async (...settings: readonly string[]): Promise<RedisServer> => {
  const port = await freePort()
  const password = 'secret-of-the-test'
  const folder = makeTemporaryFolder('laperm-redis-')
  let process: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const started = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password, '--dir', folder],
        ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', ...settings],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    process = started
    const said: string[] = []
    for await (const line of createInterface({ input: started.stdout })) {
      said.push(line)
      if (line.includes('Ready to accept connections')) {
        started.stdout.resume()
        return
      }
    }
    throw new Error(`redis-server did not start:\n${said.join('\n')}`)
  }
  await start()
  return {
    port,
    password,
    url: `redis://:${password}@127.0.0.1:${port}`,
    start,
    stop: async () => {
      if (process === undefined || process.exitCode !== null) return
      const ended = once(process, 'exit')
      process.kill()
      await ended
    },
  }
}

/** Start a server that takes only encrypted connections. @param settings further lines of its configuration. */
export const startTlsRedis = async (
  { certificate, key }: { readonly certificate: string; readonly key: string },
  authority: string,
  ...settings: readonly string[]
): Promise<RedisServer> => {
  const port = await freePort()
  const tls = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', authority]
  const open = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no']
  const server = await startRedis(...open, ...tls, ...settings)
  return { ...server, port, url: `rediss://:${server.password}@127.0.0.1:${port}` }
}
