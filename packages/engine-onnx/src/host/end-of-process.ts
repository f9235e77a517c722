/** The end of the process waits for steps that are under way: one listener for all sessions. */
import { busy } from './protocol.ts'

/**
 * How long the end of the process waits for a step that is under way, ms. Longer than any step; a bound, should a step hang.
 */
const longestStepMs = 60_000

const activities = new Set<Int32Array<SharedArrayBuffer>>()

const awaitIdle = (): void => {
  for (const activity of activities) Atomics.wait(activity, 0, busy, longestStepMs)
}

/**
 * From now on `process.exit` waits while this worker is at work.
 *
 * @param activity `WorkerSetup.activity`.
 * @returns what ends that; to be called when the worker has exited.
 */
export const awaitAtExit = (activity: Int32Array<SharedArrayBuffer>): (() => void) => {
  if (activities.size === 0) process.on('exit', awaitIdle)
  activities.add(activity)
  return () => {
    activities.delete(activity)
    if (activities.size === 0) process.off('exit', awaitIdle)
  }
}
