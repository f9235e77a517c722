/**
 * A Python process kept alive as a peer, spoken to in lines of JSON, so that it takes its turns in the same run.
 *
 * Peers that need Python are optional: `npm run setup:python --workspace benchmarks` makes their environment.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const benchmarks = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Owner of one Python process. */
export interface PythonPeer {
  /** Send a request and wait for its answer. Rejects with the peer's own message when it failed or died. */
  readonly ask: (request: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>
  readonly stop: () => void
}

/** The interpreter of the peers' environment: `LAPERM_PYTHON`, or the one that the set-up made; undefined when there is none. */
export const findPython = (given: string | undefined): string | undefined => {
  const candidates = [given, join(benchmarks, '.venv', 'bin', 'python')]
  return candidates.find((path) => path !== undefined && existsSync(path))
}

/** Start `peers/<script>` under this interpreter. */
export const startPythonPeer = (
  python: string,
  script: string,
  environment: Readonly<Record<string, string>> = {},
): PythonPeer => {
  const child: ChildProcess = spawn(python, ['-u', join(benchmarks, 'peers', script)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000)
  })
  let waiting:
    | {
        readonly resolve: (answer: Readonly<Record<string, unknown>>) => void
        readonly reject: (error: Error) => void
      }
    | undefined
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  lines.on('line', (line) => {
    if (!line.startsWith('{')) return
    const answer = JSON.parse(line) as Readonly<Record<string, unknown>>
    const { resolve, reject } = waiting ?? {}
    waiting = undefined
    if (typeof answer['error'] === 'string') reject?.(new Error(`${script}: ${answer['error']}`))
    else resolve?.(answer)
  })
  child.on('exit', (code) => {
    waiting?.reject(new Error(`${script} ended with ${code}: ${log}`))
    waiting = undefined
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) {
          reject(new Error(`${script} has ended: ${log}`))
          return
        }
        waiting = { resolve, reject }
        child.stdin?.write(`${JSON.stringify(request)}\n`)
      }),
    stop: () => {
      child.stdin?.end()
      child.kill()
    },
  }
}
