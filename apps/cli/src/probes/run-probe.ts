/**
 * Tasks that load native drivers, each in a process of its own: what the drivers print is kept apart from what this program says, what they
 * crash ends only that process, and one driver never sees that another was loaded before it.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { either as E } from 'fp-ts'
import type { Terminal } from '../terminal.ts'
import type { ProbeMessage, ProbeResults, ProbeTask } from './probe-task.ts'
import type { ProofProgress } from './prove-here.ts'

/** A probe's process that ended without an answer. */
export interface ProbeDied {
  /** `exit code 1`, `SIGSEGV`. */
  readonly how: string
}

/** How a probe ended, and what its drivers printed meanwhile. */
export interface Probed<Result> {
  readonly outcome: E.Either<ProbeDied, Result>
  /** Lines of both its streams, the last ones where there were many. */
  readonly printed: readonly string[]
}

/** Characters that are kept of what a driver prints. */
const mostPrinted = 64_000

const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/probes/probe-main.js' : './probe-main.js',
    import.meta.url,
  ),
)

/** Flags of this process (--input-type, --inspect) are not for a probe. Structured clones keep NaN and infinities of a report. */
const forkOptions = {
  execArgv: [],
  stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  serialization: 'advanced',
  killSignal: 'SIGKILL',
  windowsHide: true,
} satisfies Parameters<typeof fork>[2] & { windowsHide: boolean }

/**
 * Do a task in a process of its own. It is stopped when the terminal's signal is aborted.
 *
 * @returns always: a process that crashes is an answer too.
 */
export const runProbe = <Kind extends ProbeTask['kind']>(
  task: ProbeTask & { readonly kind: Kind },
  { environment, signal }: Pick<Terminal, 'environment' | 'signal'>,
  onProgress: (progress: ProofProgress) => void = () => undefined,
): Promise<Probed<ProbeResults[Kind]>> =>
  new Promise((resolve) => {
    const child = fork(program, [], { ...forkOptions, env: { ...environment }, signal })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed = (printed + text).slice(-mostPrinted)
      })
    let outcome: E.Either<ProbeDied, ProbeResults[Kind]> = E.left({ how: 'no answer' })
    child.on('message', (message: ProbeMessage) => {
      if (message.kind === 'progress') onProgress(message.progress)
      // The process answers the kind of task that it was given.
      else outcome = E.right(message.result as ProbeResults[Kind])
    })
    child.on('error', (error) => {
      if (E.isLeft(outcome)) outcome = E.left({ how: error.message })
    })
    child.on('close', (code, killedBy) => {
      if (E.isLeft(outcome)) outcome = E.left({ how: killedBy ?? `exit code ${code}` })
      resolve({ outcome, printed: printed.split('\n').filter((line) => line.trim() !== '') })
    })
    child.send(task)
  })
