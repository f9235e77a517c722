/** The worker's entry: an executor behind messages. `session.run` blocks its thread for a whole step, so it has one of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { DivergedError } from '@laperm/core'
import { openPackage } from './host/batch-package.ts'
import {
  busy,
  type Failure,
  idle,
  type Reply,
  type ReplyValues,
  type Request,
  type WorkerSetup,
} from './host/protocol.ts'
import { makeExecutor } from './runtime/executor.ts'
import { loadOnnxRuntime } from './runtime/load-onnxruntime.ts'
import { buffersOf } from './runtime/pack-copies.ts'

const port = parentPort
if (port === null) throw new Error('worker.js is started by the engine, not by itself')

const { program, outerUpdate, threads, activity } = workerData as WorkerSetup

/** Says that onnxruntime is at work, which must not be interrupted: see `worker-link.ts`. */
const whileBusy = async <A>(work: () => Promise<A>): Promise<A> => {
  Atomics.store(activity, 0, busy)
  try {
    return await work()
  } finally {
    Atomics.store(activity, 0, idle)
    Atomics.notify(activity, 0)
  }
}

const executor = await whileBusy(async () =>
  makeExecutor(await loadOnnxRuntime(), program, outerUpdate, threads),
)

const answer = async (request: Request): Promise<ReplyValues[keyof ReplyValues]> => {
  switch (request.kind) {
    case 'initialize':
      return executor.initialize(request.params) as undefined
    case 'trainStep':
      return executor.trainStep(openPackage(program, request.batch, request.size, true), request.scalars)
    case 'evaluate':
      return executor.evaluate(openPackage(program, request.batch, request.size, false))
    case 'sync':
      return executor.sync() as undefined
    case 'readParams':
      return executor.readParams(request.names)
    case 'readState':
      return executor.readState()
    case 'writeState':
      return executor.writeState(request.state) as undefined
    case 'close':
      await executor.release()
      port.close()
      return undefined
    default:
      return request satisfies never
  }
}

/** What moves back with an answer instead of being copied: everything large in it was made for it. */
const belongings = (value: ReplyValues[keyof ReplyValues]): readonly ArrayBuffer[] => {
  if (value === undefined || 'lossSum' in value) return []
  if (!('slots' in value)) return buffersOf(value)
  return buffersOf([...value.params, ...Object.values(value.slots).flat(), ...value.slow])
}

const failureOf = (error: unknown): Failure =>
  error instanceof DivergedError
    ? { kind: 'diverged', diverged: error.diverged }
    : { kind: 'failed', message: error instanceof Error ? error.message : String(error) }

port.on('message', async (request: Request) => {
  const batch = 'batch' in request ? request.batch : undefined
  let reply: Reply
  try {
    reply = { kind: 'done', value: await whileBusy(() => answer(request)), batch }
  } catch (error) {
    reply = { kind: 'failed', failure: failureOf(error), batch }
  }
  const moved = reply.kind === 'done' ? belongings(reply.value) : []
  port.postMessage(reply, batch === undefined ? moved : [...moved, batch])
})

port.postMessage({ kind: 'done', value: undefined, batch: undefined } satisfies Reply)
