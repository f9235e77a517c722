/** `laperm worker`: takes runs out of a queue that many machines share, and trains them. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { type WorkEvent, workOff } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import { defineCommand, type Given } from '../command.ts'
import { commandLineOf } from '../command-line.ts'
import { reportFailure, usageError } from '../failure.ts'
import { checkpointSeconds, dataFlags, integer, text, toggle } from '../flags.ts'
import { formatShare } from '../format.ts'
import { openQueue, queueFlags } from '../open-queue.ts'
import { openStore, storeFlags } from '../open-store.ts'
import { sweepWorkers } from '../run-sweep.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const workerFlags = {
  ...queueFlags,
  ...storeFlags,
  runs: text(
    '<directory>',
    'where runs are; without --store the same directory on every machine (default: ./runs)',
  ),
  concurrency: integer('runs at once (default: as many as there are cores)', 1),
  untilEmpty: toggle('end when every job has ended, instead of waiting for more'),
  checkpointSeconds,
  ...dataFlags,
}

/** How many digits of an identity a directory's name has. */
const shownDigits = 6

/** What an event says, in a line; null where it says nothing. */
const lineOf = (event: WorkEvent): string | null => {
  const run = `run ${event.job.identity.slice(0, shownDigits)}`
  switch (event.kind) {
    case 'began':
      return event.attempt === 1 ? `${run}: taken` : `${run}: taken, attempt ${event.attempt}`
    case 'progress':
      return null
    case 'warning':
      return `${run}: warning: ${event.message}`
    case 'lost':
      return `${run}: another worker has it now; nothing more is written here`
    case 'crashed':
      return `${run}: ${event.reason.split('\n')[0]}; ${event.isLast ? 'it was the last attempt' : 'it goes on from its last checkpoint'}`
    case 'ended': {
      const { end } = event
      if (end.kind === 'failed' || end.kind === 'busy')
        return `${run}: ${end.kind}: ${end.message.split('\n')[0]}`
      const { status, testAccuracy, runDirectory } = end.summary
      return `${run}: ${status}, test accuracy ${formatShare(testAccuracy)}, ${runDirectory}`
    }
    default:
      return event satisfies never
  }
}

/** Lines about each run that were said before: a run that another holds is taken and given back again and again. */
const makeListener = (say: (line: string) => void): ((event: WorkEvent) => void) => {
  const said = new Map<string, Set<string>>()
  return (event) => {
    const line = lineOf(event)
    if (line === null) return
    const { identity } = event.job
    const before = said.get(identity) ?? new Set()
    if (!before.has(line)) say(line)
    if (event.kind === 'ended') said.delete(identity)
    else said.set(identity, before.add(line))
  }
}

const runWorker = async (
  { flags, words }: Given<typeof workerFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  if (flags.queue === undefined)
    return reportFailure(
      terminal,
      false,
      usageError('A worker needs a queue to take runs from: --queue redis://host:6379.'),
    )
  const store = await openStore(flags, terminal.environment)
  if (E.isLeft(store)) return reportFailure(terminal, false, store.left)
  const opened = await openQueue(flags.queue, flags, resolve(flags.runs ?? 'runs'), terminal)
  if (E.isLeft(opened)) {
    await store.right?.close()
    return reportFailure(terminal, false, opened.left)
  }
  const queue = opened.right
  const concurrency = flags.concurrency ?? availableParallelism()
  terminal.err(`Takes runs from ${queue.name}, ${concurrency} at once. Ctrl-C ends them with checkpoints.`)
  try {
    const worked = await workOff(queue, {
      startWorker: sweepWorkers(flags),
      mostWorkers: concurrency,
      fitsMemory: flags.concurrency === undefined,
      signal: terminal.signal,
      endsWhenEmpty: flags.untilEmpty ?? false,
      busyWaits: true,
      checkpointEveryMs: (flags.checkpointSeconds ?? 60) * 1000,
      retryFailed: true,
      store: store.right,
      commandLine: commandLineOf(words),
      observe: makeListener(terminal.err),
    })
    if (E.isLeft(worked)) return reportFailure(terminal, false, worked.left)
    return terminal.signal.aborted ? exitCodes.interrupted : exitCodes.done
  } finally {
    await queue.close()
    await store.right?.close()
  }
}

const notes = `
Examples
  $ laperm sweep f1 --seed 1..100 --out /shared/runs --queue redis://queue-host    puts runs in, and watches
  $ laperm worker --queue redis://queue-host --runs /shared/runs                   on any number of machines
  $ laperm worker --queue redis://queue-host --store s3://bucket/runs              where machines share no directory

Runs live in a directory that all machines share (NFS), or in a store (--store); checkpoints too, so that the run of a
worker that dies goes on elsewhere. A worker of another version, or with other data, refuses runs that it would train to other bits.
A password is best given in LAPERM_QUEUE_PASSWORD: what stands in a URL is in every list of processes. With rediss:// the
certificate of Redis must be of an authority that Node trusts, or of the one in --queue-ca or LAPERM_QUEUE_CA.
Ctrl-C ends runs with checkpoints and gives them back to the queue; press it twice to stop at once.`

export const worker = defineCommand({
  name: 'worker',
  summary: 'train runs out of a queue that many machines share',
  flags: workerFlags,
  notes,
  run: runWorker,
})
