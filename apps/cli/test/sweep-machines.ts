/** Machines that take runs out of one queue, as a test sees them: each a `laperm worker` under a host name of its own. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Started, start } from './laperm-process.ts'
import { linesOf, statusOf } from './run-files.ts'

/** Directories of runs below a parent. */
export const runsIn = (parent: string): readonly string[] =>
  existsSync(parent)
    ? readdirSync(parent)
        .filter((name) => !name.startsWith('sweep-'))
        .map((name) => join(parent, name))
    : []

/** The processes that the first thread of a process has started, as Linux tells them. */
const childrenOf = (pid: number | undefined): readonly number[] => {
  try {
    return (readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? []).map(Number)
  } catch {
    return []
  }
}

/** Whose process number the newest lock of a run has; null where it is given back or just being written. */
const holderOf = (run: string): number | null => {
  try {
    const [newest] = readdirSync(run)
      .filter((name) => /^\.lock-\d+\.json$/.test(name))
      .sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')))
    const { pid } = JSON.parse(readFileSync(join(run, newest ?? ''), 'utf8'))
    return typeof pid === 'number' ? pid : null
  } catch {
    return null
  }
}

/** Every file in a directory with what changes when somebody writes it: its place on the disk, size and time. */
export const stampsOf = (directory: string, names?: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (names ?? readdirSync(directory)).map((name) => {
      const { ino, size, mtimeNs } = statSync(join(directory, name), { bigint: true })
      return [name, `${ino} ${size} ${mtimeNs}`]
    }),
  )

/** Every file below a directory in which a text stands. */
export const filesWith = (directory: string, text: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text))

/** A run in the hands of a machine. */
export interface Work {
  /** Its directory. */
  readonly run: string
  /** The process that trains it. */
  readonly pid: number
  readonly attempt: number
}

/** What of a machine dies: its worker, the process that trains, or both at once, as by a power cut. */
export type Victim = 'worker' | 'training process' | 'machine'
export const victims: readonly Victim[] = ['worker', 'training process', 'machine']

export interface Machine {
  readonly name: string
  /** The run that it trains now; null where none has an epoch behind it. */
  readonly work: () => Work | null
  /** All that its workers have said. */
  readonly said: () => string
  readonly kill: (victim: Victim) => Promise<void>
  /** Start its worker again, unless it lives. */
  readonly boot: () => void
  /** Stop (SIGSTOP) what trains and its worker, or let one of them go on (SIGCONT). */
  readonly stop: () => void
  readonly goOn: (which: 'worker' | 'training process') => void
  /** Ctrl-C. @returns the exit code. */
  readonly end: () => Promise<number | null>
}

/** Boot a machine. @param words of `laperm worker`. */
export const bootMachine = (
  name: string,
  words: readonly string[],
  parent: string,
  environment: Readonly<Record<string, string>>,
): Machine => {
  const lives: Started[] = []
  const live = (): Started['child'] => (lives.at(-1) as Started).child
  const boot = (): void => {
    if (lives.length > 0 && live().exitCode === null && live().signalCode === null) return
    lives.push(start(['worker', ...words], parent, environment, { host: name }))
  }
  const pids = (): readonly number[] => [Number(live().pid), ...childrenOf(live().pid)]
  boot()
  return {
    name,
    work: () => {
      const training = childrenOf(live().pid)
      for (const run of runsIn(join(parent, 'runs'))) {
        const pid = holderOf(run)
        if (pid === null || !training.includes(pid) || linesOf(run) === 0) continue
        if (statusOf(run) === 'finished') continue
        const taken = new RegExp(`run ${run.slice(-6)}: taken(?:, attempt (\\d+))?`, 'g')
        const [, attempt = '1'] = [...(lives.at(-1) as Started).said().matchAll(taken)].at(-1) ?? []
        return { run, pid, attempt: Number(attempt) }
      }
      return null
    },
    said: () => lives.map(({ said }) => said()).join(''),
    kill: async (victim) => {
      const [worker, ...training] = pids()
      for (const pid of victim === 'training process' ? training : victim === 'worker' ? [worker] : pids())
        process.kill(Number(pid), 'SIGKILL')
      if (victim !== 'training process') await lives.at(-1)?.ended
    },
    boot,
    stop: () => {
      for (const pid of pids()) process.kill(pid, 'SIGSTOP')
    },
    goOn: (which) => {
      const [worker, ...training] = pids()
      for (const pid of which === 'worker' ? [worker] : training) process.kill(Number(pid), 'SIGCONT')
    },
    end: async () => {
      live().kill('SIGINT')
      return (await (lives.at(-1) as Started).ended).code
    },
  }
}
