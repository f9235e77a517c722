/** One worker and the question it is answering: at most one at a time. */
import { Worker } from 'node:worker_threads'
import { busy, type Reply, type ReplyValues, type Request, type WorkerSetup } from './protocol.ts'

/** The worker ended, or never began. The message says what it was doing. */
export class WorkerDied extends Error {
  constructor(doing: string, cause: string) {
    super(`the onnxruntime worker ended while ${doing}: ${cause}`)
    this.name = 'WorkerDied'
  }
}

/** onnxruntime could not do it. The message says what it was doing. */
export class ExecutionFailed extends Error {
  constructor(doing: string, cause: string) {
    const isOutOfMemory = /bad_alloc|failed to allocate|out of memory|array buffer allocation failed/i.test(
      cause,
    )
    super(
      `${isOutOfMemory ? 'out of memory' : 'failed'} while ${doing}: ${cause.trim()}${
        isOutOfMemory ? '. Try a smaller batch.' : ''
      }`,
    )
    this.name = 'ExecutionFailed'
  }
}

export interface WorkerLink {
  /**
   * Ask the worker.
   *
   * @param doing what it is, for error messages: `training step 3 of f2`.
   * @param transfer buffers that move to the worker; a batch's comes back with the answer.
   * @returns the answer, and the buffer.
   * @throws Error when another request is under way, {@link ExecutionFailed}, {@link WorkerDied}.
   */
  readonly ask: <Kind extends Request['kind']>(
    request: Extract<Request, { readonly kind: Kind }>,
    doing: string,
    transfer?: readonly ArrayBuffer[],
  ) => Promise<{ readonly value: ReplyValues[Kind]; readonly batch: ArrayBuffer | undefined }>
  /**
   * End the worker, when it has done what it is doing; its caller hears {@link WorkerDied} at once. Any number of times.
   */
  readonly close: () => Promise<void>
}

/**
 * Plain Node cannot run TypeScript as a worker: from the sources (tests) the built file is used.
 */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : '../worker.js',
  import.meta.url,
)

interface Pending {
  readonly doing: string
  readonly resolve: (reply: Extract<Reply, { readonly kind: 'done' }>) => void
  readonly reject: (error: Error) => void
}

/**
 * How long the end of the process waits for a step that is under way, ms. Longer than any step; a bound, should a step hang.
 */
const longestStepMs = 60_000

/**
 * Start a worker and wait until it has loaded its program.
 *
 * A worker is never terminated while onnxruntime is at work: its native code cannot return into a thread that is being torn down, and
 * takes the whole process with it. So it is asked to close, and the end of the process waits for the step that is under way.
 */
export const startWorker = async (setup: Omit<WorkerSetup, 'activity'>): Promise<WorkerLink> => {
  const activity = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: WorkerSetup = { ...setup, activity }
  // The parent's flags (a test runner's import conditions) are not the worker's.
  const worker = new Worker(workerUrl, { workerData, execArgv: [] })
  let pending: Pending | undefined
  let death: string | undefined

  const awaitIdle = (): void => {
    Atomics.wait(activity, 0, busy, longestStepMs)
  }
  process.once('exit', awaitIdle)

  const settle = (): Pending | undefined => {
    if (pending === undefined) return undefined
    const settled = pending
    pending = undefined
    // An idle session keeps no process alive; one that is being closed does, until it has.
    worker.unref()
    return settled
  }
  const die = (cause: string): void => {
    death ??= cause
    const settled = settle()
    settled?.reject(new WorkerDied(settled.doing, death))
  }
  worker.on('message', (reply: Reply) => {
    const settled = settle()
    if (settled === undefined) return
    if (reply.kind === 'done') settled.resolve(reply)
    else settled.reject(new ExecutionFailed(settled.doing, reply.message))
  })
  worker.on('error', (error: Error) => die(error.message))
  worker.on('messageerror', (error: Error) => die(error.message))
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      process.off('exit', awaitIdle)
      die(`it exited with code ${code}`)
      resolve()
    })
  })

  const waitFor = (doing: string): Promise<Extract<Reply, { readonly kind: 'done' }>> =>
    new Promise((resolve, reject) => {
      worker.ref()
      pending = { doing, resolve, reject }
    })

  await waitFor(`loading ${setup.program.modelName}`)

  return {
    ask: async (request, doing, transfer) => {
      if (death !== undefined) throw new WorkerDied(`asked to begin ${doing}`, death)
      if (pending !== undefined)
        throw new Error(`${doing}: the session is still busy with ${pending.doing}; await each call`)
      const reply = waitFor(doing)
      worker.postMessage(request, transfer ?? [])
      const { value, batch } = await reply
      return { value: value as never, batch }
    },
    close: async () => {
      if (death === undefined) {
        die('the session was disposed')
        worker.postMessage({ kind: 'close' } satisfies Request)
      }
      worker.ref()
      await exited
    },
  }
}
