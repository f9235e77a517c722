/** `laperm reproduce`: trains what a figure of the paper consists of; the same command again does what is missing. */
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { nearestName } from '@laperm/models'
import { type Figure, figureNames, figures, scaleNames } from '@laperm/paper'
import { writeSweepTables } from '@laperm/runs/sweep'
import { unknownName } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type Given } from '../command.ts'
import { commandLineOf } from '../command-line.ts'
import { estimateTraining, timeLine } from '../estimate-training.ts'
import { type Failure, reportFailure } from '../failure.ts'
import { dataFlags, oneOf, outputFlags, text, toggle } from '../flags.ts'
import { formatSeconds, plural } from '../format.ts'
import { dataSource } from '../load-data.ts'
import { manyRunsFlags } from '../many-runs-flags.ts'
import { measureVariants } from '../measure-variants.ts'
import { queueFlags } from '../open-queue.ts'
import type { ReadySweep } from '../run-sweep.ts'
import { shellWord } from '../shell-word.ts'
import { countsLine } from '../sweep-progress.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { type FigureRequest, keepPlanned, planFigures, trainFigures } from '../train-figures.ts'

const reproduceFlags = {
  scale: oneOf(
    'scale',
    scaleNames,
    "smoke: a minute, shows that all works; small: at most an hour a figure on two cores; paper: the paper's own (default: small)",
  ),
  out: text('<directory>', 'where its runs go (default: ./reproduced)'),
  ...manyRunsFlags('as many as there are cores'),
  dryRun: toggle('say what would be trained and how long it would take, and train nothing'),
  ...queueFlags,
  ...dataFlags,
  ...outputFlags,
}

/** The figures that a word names: one, several between commas, or `all`. */
const figuresNamed = (word: string): E.Either<Failure, readonly Figure[]> => {
  if (word === 'all') return E.right(figures)
  const chosen: Figure[] = []
  for (const name of word.split(',')) {
    const figure = figures.find((each) => each.name === name.trim())
    if (figure === undefined)
      return E.left(unknownName('figure', name, nearestName(name, figureNames), [...figureNames, 'all']))
    if (!chosen.includes(figure)) chosen.push(figure)
  }
  return E.right(chosen)
}

const conclude = ({ board }: ReadySweep, terminal: Terminal): ExitCode => {
  if (terminal.signal.aborted) {
    terminal.err('interrupted; the same command goes on with what is missing')
    return exitCodes.interrupted
  }
  const { failed, busy } = board.counts()
  if (failed > 0) terminal.err('laperm: some runs failed; --retry-failed goes on with them')
  if (busy > 0) terminal.err('laperm: other processes train some of the runs; give the command again later')
  return failed + busy > 0 ? exitCodes.failed : exitCodes.done
}

const reproduceFigures = async (
  request: FigureRequest,
  given: Given<typeof reproduceFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { flags, words } = given
  const { chosen, scale, directory } = request
  const json = flags.json ?? false
  const fail = (failure: Failure): ExitCode => reportFailure(terminal, json, failure)
  const startedAt = performance.now()
  const planned = await planFigures(request, terminal)
  if (planned === null) return exitCodes.interrupted
  if (E.isLeft(planned)) return fail(planned.left)
  const { runs, ready } = planned.right
  const { sweep, board, worker } = ready
  const workers = Math.min(flags.jobs ?? availableParallelism(), Math.max(1, sweep.runs.length))
  const estimate = await estimateTraining(ready, flags.retryFailed ?? false, terminal)
  if (terminal.signal.aborted) {
    worker.kill()
    return exitCodes.interrupted
  }
  terminal.err(timeLine(chosen, runs.length, sweep, estimate, flags.queue === undefined ? workers : null))
  const told = { figures: chosen.map(({ name }) => name), scale, directory }
  if (flags.dryRun === true) {
    worker.kill()
    if (json) terminal.out(JSON.stringify({ ...told, counts: board.counts(), ...estimate }))
    else terminal.out(`${plural(sweep.runs.length, 'run')}: ${countsLine(board)}. Nothing was trained.`)
    return exitCodes.done
  }
  const kept = await keepPlanned(request, planned.right, terminal)
  if (E.isLeft(kept)) {
    worker.kill()
    return fail(kept.left)
  }
  const options = {
    directory,
    mostWorkers: workers,
    fitsMemory: flags.jobs === undefined,
    quiet: flags.quiet ?? false,
    checkpointEveryMs: (flags.checkpointSeconds ?? 60) * 1000,
    retryFailed: flags.retryFailed ?? false,
    commandLine: commandLineOf(words),
  }
  const trained = await trainFigures(request, planned.right, options, terminal)
  if (E.isLeft(trained)) return fail(trained.left)
  const measured = await measureVariants(request, trained.right, terminal)
  if (E.isLeft(measured)) return fail(measured.left)
  const { sweep: whole, board: outcome } = trained.right.ready
  const tables = await writeSweepTables(directory, whole, outcome.stateOf)()
  if (E.isLeft(tables)) return fail(tables.left)
  if (json) terminal.out(JSON.stringify({ ...told, counts: outcome.counts() }))
  else {
    const seconds = (performance.now() - startedAt) / 1000
    terminal.out(`${plural(whole.runs.length, 'run')}: ${countsLine(outcome)}, in ${formatSeconds(seconds)}`)
    terminal.out(`laperm report ${shellWord(relative('', directory) || '.')} makes a page of it`)
  }
  return conclude(trained.right.ready, terminal)
}

const runReproduce = (
  given: Given<typeof reproduceFlags>,
  terminal: Terminal,
): Promise<ExitCode> | ExitCode => {
  const { argument, flags } = given
  const chosen = figuresNamed(argument ?? '')
  if (E.isLeft(chosen)) return reportFailure(terminal, flags.json ?? false, chosen.left)
  const request = {
    chosen: chosen.right,
    scale: flags.scale ?? 'small',
    source: dataSource(flags, terminal.environment),
    directory: resolve(flags.out ?? 'reproduced'),
    flags,
  }
  return reproduceFigures(request, given, terminal)
}

const notes = `
Examples
  $ laperm reproduce fig10 --scale small --data-dir data     the runs of Figure 10, with 5 seeds in place of 30
  $ laperm reproduce all --scale smoke --out smoke           every figure, on drawn digits, in minutes
  $ laperm reproduce fig5 --scale paper --dry-run            how long the paper's own setting would take here
  $ laperm reproduce fig10 --scale paper --out /shared/fig10 --queue redis://host   'laperm worker --runs /shared/fig10 --queue redis://host' trains, on any number of machines
  $ laperm report reproduced                                 a page with ours beside the paper's

Figures: ${figureNames.join(', ')}; several between commas, or all. What two figures have in common is trained once.
Ctrl-C ends all runs with a checkpoint; the same command goes on. A run's identity holds every setting, the data and the
versions: runs of another configuration in the same directory stay there and are not counted.
MNIST and CIFAR-10 are looked for in --data-dir, then in the cache, then downloaded; smoke needs neither.
Exit code: 0 when every run has finished or diverged, 1 when one failed, 130 when it was interrupted.`

export const reproduce = defineCommand({
  name: 'reproduce',
  summary: "train the runs of the paper's figures, at the paper's scale or a smaller one",
  argument: { name: 'figure', isRequired: true, help: `${figureNames.join(', ')}, or all` },
  flags: reproduceFlags,
  notes,
  run: runReproduce,
})
