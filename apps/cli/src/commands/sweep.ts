/** `laperm sweep`: many runs from one command; the same command again does what is missing. */
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { zooNames } from '@laperm/models'
import type { Queue } from '@laperm/queue'
import {
  type ExpandedSweep,
  type PlannedSweep,
  type RunJob,
  type SweepTables,
  writeSweepTables,
} from '@laperm/runs/sweep'
import { experimentFlags } from '@laperm/train'
import { either as E } from 'fp-ts'
import { askSweep } from '../ask-sweep.ts'
import { defineCommand, type FlagValues, type Given } from '../command.ts'
import { commandLineOf } from '../command-line.ts'
import { type Failure, reportFailure } from '../failure.ts'
import { excluding } from '../flag-relations.ts'
import { dataFlags, outputFlags, text, toggle } from '../flags.ts'
import { formatSeconds, plural } from '../format.ts'
import { manyRunsFlags } from '../many-runs-flags.ts'
import { openQueue, queueFlags } from '../open-queue.ts'
import { openStore, storeFlags } from '../open-store.ts'
import { queueSweep, readySweep, sweepWorkers, trainSweep } from '../run-sweep.ts'
import type { SweepBoard } from '../sweep-board.ts'
import { countsLine } from '../sweep-progress.ts'
import { dryRunLines, groupLines, sameLines } from '../sweep-report.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const sweepFlags = {
  file: text('<sweep.json>', 'take the sweep from a file, and not from flags'),
  name: text('<name>', "the sweep's name: its tables are sweep-<name>.csv and .json"),
  out: text('<directory>', 'where its runs and its tables go (default: ./runs)'),
  ...manyRunsFlags('as many as cores and memory allow'),
  dryRun: toggle('show what would be trained and what has been, and train nothing'),
  yes: toggle('more than 10,000 runs are meant'),
  tensorboard: excluding(toggle('an event file for TensorBoard in each run directory'), {
    queue: "'laperm runs export --format tensorboard' makes event files of runs that workers trained",
  }),
  ...queueFlags,
  ...storeFlags,
  ...dataFlags,
  ...outputFlags,
}
type SweepFlags = FlagValues<typeof sweepFlags>

/** Runs at once where nobody said: each has its own threads. */
const usualJobs = ({ runs }: PlannedSweep): number => {
  const threads = runs.reduce((most, { experiment }) => Math.max(most, experiment.threads ?? 1), 1)
  return Math.max(1, Math.floor(availableParallelism() / threads))
}

const showPlan = (sweep: PlannedSweep, board: SweepBoard, json: boolean, terminal: Terminal): void => {
  if (json) {
    const runs = sweep.runs.map((run) => ({
      identity: run.identity,
      choice: Object.fromEntries(sweep.fields.map((field, i) => [field, run.choice[i]])),
      status: board.stateOf(run).status,
      steps: run.totalSteps,
    }))
    terminal.out(JSON.stringify({ name: sweep.name, fields: sweep.fields, runs }))
    return
  }
  for (const line of dryRunLines(sweep, board, terminal.columns)) terminal.out(line)
  terminal.out(`${plural(sweep.runs.length, 'run')}: ${countsLine(board)}. Nothing was trained.`)
}

/** What the workers of this process did, for the end of a line. */
const effortText = (board: SweepBoard, elapsedMs: number, workers: number): string => {
  const trained = board.trainSeconds()
  const share = trained === null || trained === 0 ? null : (trained * 1000) / (elapsedMs * workers)
  return share === null
    ? ''
    : ` on ${plural(workers, 'worker')}, which trained for ${Math.round(100 * share)}% of it`
}

/** @param effort null for workers where those of a queue trained: how many there were is not known here. */
const showResults = (
  sweep: PlannedSweep,
  board: SweepBoard,
  tables: SweepTables,
  { elapsedMs, workers }: { readonly elapsedMs: number; readonly workers: number | null },
  json: boolean,
  terminal: Terminal,
): void => {
  if (json) {
    const { groups, csv, json: path } = tables
    terminal.out(JSON.stringify({ name: sweep.name, counts: board.counts(), groups, csv, json: path }))
    return
  }
  for (const line of groupLines(tables.groups, terminal.columns)) terminal.out(line)
  terminal.out(
    `${plural(sweep.runs.length, 'run')}: ${countsLine(board)}, in ${formatSeconds(elapsedMs / 1000)}${workers === null ? '' : effortText(board, elapsedMs, workers)}`,
  )
  terminal.out(`${relative('', tables.csv)}, ${relative('', tables.json)}`)
}

const conclude = (board: SweepBoard, queue: Queue<RunJob> | null, terminal: Terminal): ExitCode => {
  if (terminal.signal.aborted) {
    terminal.err(
      queue === null
        ? 'interrupted; the same command goes on with what is missing'
        : `no longer watched; what is to do stays in the queue, and its workers go on. The same command watches it again`,
    )
    return exitCodes.interrupted
  }
  const { failed, busy } = board.counts()
  if (failed > 0) terminal.err('laperm: some runs failed; --retry-failed goes on with them')
  if (busy > 0)
    terminal.err(
      'laperm: other processes train some of the runs; give the command again when they have ended',
    )
  return failed + busy > 0 ? exitCodes.failed : exitCodes.done
}

const runSweep = async (given: Given<typeof sweepFlags>, terminal: Terminal): Promise<ExitCode> => {
  const { argument, flags, settings } = given
  const fail = (failure: Failure): ExitCode => reportFailure(terminal, flags.json ?? false, failure)
  const words = {
    model: argument,
    settings,
    file: flags.file ?? null,
    name: flags.name ?? null,
    yes: flags.yes ?? false,
  }
  const asked = await askSweep(words, flags, terminal)
  if (E.isLeft(asked)) return fail(asked.left)
  // Before planning, which may take a while.
  const opened =
    flags.queue === undefined || flags.dryRun === true
      ? E.right(null)
      : await openQueue(flags.queue, flags, null, terminal)
  if (E.isLeft(opened)) return fail(opened.left)
  try {
    return await runAsked(asked.right, opened.right, given, terminal)
  } finally {
    await opened.right?.close()
  }
}

/** @param queue whose workers train what is missing; null where this process's do. */
const runAsked = async (
  asked: ExpandedSweep,
  queue: Queue<RunJob> | null,
  { flags, words }: Given<typeof sweepFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const fail = (failure: Failure): ExitCode => reportFailure(terminal, json, failure)
  const startedAt = performance.now()
  const directory = resolve(flags.out ?? 'runs')
  const opened = await openStore(flags, terminal.environment)
  if (E.isLeft(opened)) return fail(opened.left)
  const store = opened.right
  const start = sweepWorkers(flags)
  const ready = await readySweep(asked, directory, start, terminal, store)
  if (ready === null) return exitCodes.interrupted
  if (E.isLeft(ready)) return fail(ready.left)
  const { sweep, board, worker } = ready.right
  for (const line of sameLines(sweep.same, sweep.fields)) terminal.err(line)
  if (flags.dryRun === true) {
    worker.kill()
    showPlan(sweep, board, json, terminal)
    return exitCodes.done
  }
  const workers = Math.min(flags.jobs ?? usualJobs(sweep), sweep.runs.length)
  const options = { ...trainOptions(flags, directory, workers, words), store }
  const trained = await (queue === null
    ? trainSweep(ready.right, options, start, terminal)
    : queueSweep(ready.right, queue, options, terminal))
  if (E.isLeft(trained)) return fail(trained.left)
  const tables = await writeSweepTables(directory, sweep, board.stateOf)()
  if (E.isLeft(tables)) return fail(tables.left)
  const effort = {
    elapsedMs: performance.now() - startedAt,
    workers: queue === null ? workers : null,
  }
  showResults(sweep, board, tables.right, effort, json, terminal)
  return conclude(board, queue, terminal)
}

const trainOptions = (
  flags: SweepFlags,
  directory: string,
  mostWorkers: number,
  words: readonly string[],
) => ({
  directory,
  mostWorkers,
  fitsMemory: flags.jobs === undefined,
  quiet: flags.quiet ?? false,
  checkpointEveryMs: (flags.checkpointSeconds ?? 60) * 1000,
  retryFailed: flags.retryFailed ?? false,
  tensorboard: flags.tensorboard ?? false,
  commandLine: commandLineOf(words),
})

const notes = `
Examples
  $ laperm sweep f1 --seed 1..5                         five runs that differ in their seed
  $ laperm sweep mlp --sync-period 1,5,20,100 --seed 0..4 --sparsity 0,0.3,0.5,0.7
  $ laperm sweep f1,f2 --epochs 5 --seed 1..3           models are alternatives, too
  $ laperm sweep conv7 --sync-period '20;20,1000@5001'  values that have commas of their own
  $ laperm sweep --file sweep.json --dry-run            what would be trained, and what has been
  $ laperm sweep f1 --seed 1..100 --queue redis://host  'laperm worker' on other machines trains them; see its help

Alternatives
  Every flag that sets an experiment takes several values between commas, and 1..5 or 0..100..20 (by steps of 20) for
  numbers. The sweep is every combination. Where a text has a semicolon, semicolons separate and commas belong to the
  values: --sparsity '0.9,0.9,0.9;0.5,0.5,0.5', and with one such value alone '0.9,0.9,0.9;'. For flags that can stand
  alone, on and off are values: --augment on,off.

A sweep file is JSON. Names are those of the flags, and model; values are what the flags take, so commas need no care:
  { "name": "periods",
    "grid": { "model": "f1", "seed": { "from": 1, "to": 5 }, "sync-period": [20, "20,1000@5001"] },
    "runs": [{ "sparsity": 0 }, { "sparsity": 0.5, "init": "shared:0.03" }] }
The grid is every combination; with runs, each of them is combined with all of it. Either can be left out.

Every combination is checked before anything starts. A run of a sweep is a run like any other: 'laperm train' with the
same settings and --threads 1, which is what runs of a sweep have unless --threads says otherwise, finds it. So its bits
do not depend on how many run at once.
The same command, given again, trains what is missing: runs that have finished or diverged stay, interrupted ones go on
from their checkpoints, failed ones only with --retry-failed. A run whose process dies is taken up three times.
Ctrl-C ends all runs with a checkpoint; press it twice to stop at once. A run that fails does not stop the others.
Exit code: 0 when every run has finished or diverged, 1 when one failed, 130 when it was interrupted.`

export const sweep = defineCommand({
  name: 'sweep',
  summary: 'train many runs: every combination of the values of its flags',
  argument: {
    name: 'model',
    isRequired: false,
    help: `${zooNames.join(', ')}, or the JSON file of a network of your own; several between commas`,
  },
  flags: sweepFlags,
  settingFlags: experimentFlags,
  notes,
  run: runSweep,
})
