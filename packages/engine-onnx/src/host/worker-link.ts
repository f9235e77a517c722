/** One worker and the question it is answering: at most one at a time. */
import { Worker } from 'node:worker_threads'
import { DivergedError } from '@laperm/core'
import { engineStopped, outOfMemory, SessionFault } from '@laperm/engine'
import { awaitAtExit } from './end-of-process.ts'
import type { Failure, Reply, ReplyValues, Request, WorkerSetup } from './protocol.ts'

type Done = Extract<Reply, { readonly kind: 'done' }>

export interface WorkerLink {
  /**
   * Ask the worker, which must not be answering something else.
   *
   * @param transfer buffers that move to the worker; a batch's comes back with the answer.
   * @returns the answer, and the buffer.
   * @throws DivergedError, or SessionFault: out of memory, stopped because the worker has ended; Error for what onnxruntime could not do.
   */
  readonly ask: <Kind extends Request['kind']>(
    request: Extract<Request, { readonly kind: Kind }>,
    transfer?: readonly ArrayBuffer[],
  ) => Promise<{ readonly value: ReplyValues[Kind]; readonly batch: ArrayBuffer | undefined }>
  /** End the worker, when it has done what it is doing; its caller hears at once that it has ended. */
  readonly close: () => Promise<void>
}

interface Pending {
  readonly resolve: (reply: Done) => void
  readonly reject: (error: Error) => void
}

/** How the runtime and its allocator say that memory did not suffice: they have no codes. */
const outOfMemoryMessages = /bad_alloc|failed to allocate|out of memory|array buffer allocation failed/i

const errorOf = (engine: string, failure: Failure): Error => {
  if (failure.kind === 'diverged') {
    const { vector, index, variable } = failure.diverged
    return new DivergedError(vector, index, variable)
  }
  return outOfMemoryMessages.test(failure.message)
    ? new SessionFault(outOfMemory(engine, failure.message.trim()))
    : new Error(failure.message)
}

/**
 * Start a worker and wait until it has loaded its program.
 *
 * A worker is never terminated while onnxruntime is at work: its native code cannot return into a thread that is being torn down, and
 * takes the whole process with it. So it is asked to close, and the end of the process waits for the step that is under way.
 *
 * @param script the worker's program.
 * @throws SessionFault (a rejection) when the worker cannot begin.
 */
export const startWorker = async (
  engine: string,
  script: string,
  setup: Omit<WorkerSetup, 'activity'>,
): Promise<WorkerLink> => {
  const activity = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: WorkerSetup = { ...setup, activity }
  // The parent's flags (a test runner's import conditions) are not the worker's.
  const worker = new Worker(script, { workerData, execArgv: [] })
  let pending: Pending | undefined
  let death: SessionFault | undefined

  const stopAwaiting = awaitAtExit(activity)

  const settle = (): Pending | undefined => {
    if (pending === undefined) return undefined
    const settled = pending
    pending = undefined
    // An idle session keeps no process alive; one that is being closed does, until it has.
    worker.unref()
    return settled
  }
  const die = (cause: string): void => {
    death ??= new SessionFault(
      engineStopped(engine, `the onnxruntime worker has ended, ${cause}`, 'compileAgain'),
    )
    settle()?.reject(death)
  }
  worker.on('message', (reply: Reply) => {
    const settled = settle()
    if (settled === undefined) return
    if (reply.kind === 'done') settled.resolve(reply)
    else settled.reject(errorOf(engine, reply.failure))
  })
  worker.on('error', (error: Error) => die(error.message))
  worker.on('messageerror', (error: Error) => die(error.message))
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      stopAwaiting()
      die(`it exited with code ${code}`)
      resolve()
    })
  })

  const nextReply = (): Promise<Done> =>
    new Promise((resolve, reject) => {
      worker.ref()
      pending = { resolve, reject }
    })

  await nextReply()

  return {
    ask: async (request, transfer) => {
      if (death !== undefined) throw death
      const reply = nextReply()
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
