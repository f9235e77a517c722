/** A worker as its sweep sees it: a process of its own that takes order after order, so that starting up is paid once. */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import type { RunJob } from '../queue/run-job.ts'
import type { StepCost } from './measure-steps.ts'
import type { JobEnd, Sample, Survey, TrainingOptions, WorkerOrder, WorkerReport } from './worker-messages.ts'

/** The process ended without saying what became of its order. */
export interface WorkerCrash {
  readonly kind: 'crashed'
  /** `ended by SIGKILL`, `exited with code 134`, and the last that it wrote to standard error. */
  readonly reason: string
}

/** Owns a process; one order at a time. */
export interface WorkerProcess {
  readonly pid: number | undefined
  /** False once the process has ended: another one must be started. */
  readonly isAlive: () => boolean
  /** Find out about samples, in their order. */
  readonly survey: (samples: readonly Sample[]) => Promise<readonly Survey[] | WorkerCrash>
  /** Measure what steps of samples take, in their order; null where that failed. */
  readonly measure: (samples: readonly Sample[]) => Promise<readonly (StepCost | null)[] | WorkerCrash>
  /**
   * Train a job.
   *
   * @param observe is called with everything that the worker says meanwhile: it lives.
   */
  readonly train: (
    job: RunJob,
    options: TrainingOptions,
    observe: (report: WorkerReport) => void,
  ) => Promise<JobEnd | WorkerCrash>
  /** Tell it to end what is under way with a checkpoint. */
  readonly stop: () => void
  /** End it at once. */
  readonly kill: () => void
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
}

/** Characters of standard error that are kept, for the case that the process dies. */
const keptCharacters = 2000

/** `fork` takes these for `spawn`. The parent's flags are not the worker's. */
const forkOptions = {
  execArgv: [],
  stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  windowsHide: true,
} satisfies ForkOptions & { windowsHide: boolean }

const reasonOf = (code: number | null, signal: NodeJS.Signals | null, said: string): string => {
  const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`
  return `its process ${how}${said.trim() === '' ? '' : `: ${said.trim()}`}`
}

/**
 * Start a worker.
 *
 * @param entry the module that serves orders by {@link serveOrders}.
 * @param words handed to it as arguments.
 */
export const startWorker = (entry: URL, words: readonly string[]): WorkerProcess => {
  const child: ChildProcess = fork(entry, [...words], forkOptions)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-keptCharacters)
  })
  let hear: ((report: WorkerReport) => void) | null = null
  let crash: WorkerCrash | null = null
  let onCrash: ((crash: WorkerCrash) => void) | null = null
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string): void => {
      crash ??= { kind: 'crashed', reason }
      onCrash?.(crash)
      resolve()
    }
    child.on('error', (error) => {
      // A message that could not be sent is no end; its process's is reported as well.
      if (child.pid === undefined) end(`its process could not be started: ${error.message}`)
    })
    // Not `close`: a process that the worker has started may keep its standard error open.
    child.on('exit', (code, signal) => end(reasonOf(code, signal, said)))
  })
  child.on('message', (report: WorkerReport) => hear?.(report))
  const send = (order: WorkerOrder): void => {
    if (child.connected) child.send(order, () => undefined)
  }
  /** Give an order and wait for the report that answers it. */
  const ask = <Answer>(
    order: WorkerOrder,
    answerOf: (report: WorkerReport) => Answer | undefined,
  ): Promise<Answer | WorkerCrash> =>
    new Promise((resolve) => {
      if (crash !== null) {
        resolve(crash)
        return
      }
      const settle = (answer: Answer | WorkerCrash): void => {
        hear = null
        onCrash = null
        resolve(answer)
      }
      onCrash = settle
      hear = (report) => {
        const answer = answerOf(report)
        if (answer !== undefined) settle(answer)
      }
      send(order)
    })
  return {
    pid: child.pid,
    isAlive: () => crash === null,
    survey: (samples) =>
      ask({ kind: 'survey', samples }, (report) => (report.kind === 'surveyed' ? report.surveys : undefined)),
    measure: (samples) =>
      ask({ kind: 'measure', samples }, (report) => (report.kind === 'measured' ? report.costs : undefined)),
    train: (job, { checkpointEveryMs, retryFailed, tensorboard, commandLine }, observe) => {
      // Whoever works off a queue has options of its own among them, which are no JSON.
      const options = { checkpointEveryMs, retryFailed, tensorboard, commandLine }
      return ask({ kind: 'train', job, options }, (report) => {
        observe(report)
        return report.kind === 'ended' ? report.end : undefined
      })
    },
    stop: () => send({ kind: 'stop' }),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}
