/** The process of a probe: does one task, answers, and goes. */
import { findHere } from './find-here.ts'
import type { ProbeMessage, ProbeTask } from './probe-task.ts'
import { proveHere } from './prove-here.ts'

const send = (message: ProbeMessage): void => {
  process.send?.(message)
}

// Whoever asked is gone.
process.on('disconnect', () => process.exit(1))
process.once('message', async (task: ProbeTask) => {
  const result =
    task.kind === 'find'
      ? await findHere(task.name, process.env)
      : await proveHere(task.name, task, process.env, (progress) => send({ kind: 'progress', progress }))
  // Drivers keep threads and handles: nothing of them is waited for.
  process.send?.({ kind: 'result', result } satisfies ProbeMessage, () => process.exit(0))
})
