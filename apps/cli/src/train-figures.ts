/** Plans the runs of figures and trains them: in rounds, because some can be planned only when others are there, or have diverged. */
import {
  type Figure,
  type FigureRun,
  figureRuns,
  figures,
  runKey,
  type ScaleName,
  sweepOfRuns,
} from '@laperm/paper'
import type { DataSource } from '@laperm/runs'
import { startsFrom } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { FlagValues } from './command.ts'
import type { Failure } from './failure.ts'
import { identitiesOf, keepFigures } from './figure-files.ts'
import type { DataFlags } from './flags.ts'
import { openQueue, type queueFlags } from './open-queue.ts'
import {
  queueSweep,
  type ReadySweep,
  readySweep,
  sweepWorkers,
  type TrainSweepOptions,
  trainSweep,
} from './run-sweep.ts'
import type { Terminal } from './terminal.ts'

/** What is asked for. */
export interface FigureRequest {
  readonly chosen: readonly Figure[]
  readonly scale: ScaleName
  readonly source: DataSource
  /** Of its runs, absolute. */
  readonly directory: string
  readonly flags: DataFlags & FlagValues<typeof queueFlags>
}

/** Runs of the figures, and the sweep that they are. */
export interface PlannedFigures {
  readonly runs: readonly FigureRun[]
  readonly ready: ReadySweep
}

const nameOf = ({ chosen, scale }: FigureRequest): string =>
  `${chosen.length === figures.length ? 'all' : chosen.map(({ name }) => name).join('-')}-${scale}`

/** What is known of the runs, for those that depend on them. */
const knownRuns = (runs: readonly FigureRun[], { sweep, board }: ReadySweep) => {
  const identities = identitiesOf(sweep)
  const planned = new Map(sweep.runs.map((run) => [run.identity, run]))
  return new Map(
    runs.map((run) => {
      const identity = identities(run)
      const same = planned.get(identity)
      const hasDiverged = same !== undefined && board.stateOf(same).status === 'diverged'
      return [runKey(run), { identity, hasDiverged }]
    }),
  )
}

/**
 * Plan the runs that can be planned now.
 *
 * @returns null when it was interrupted.
 */
export const planFigures = async (
  request: FigureRequest,
  terminal: Terminal,
  known: Parameters<typeof figureRuns>[3] = new Map(),
): Promise<E.Either<Failure, PlannedFigures> | null> => {
  const { chosen, scale, source, directory, flags } = request
  const runsWhere = (others: typeof known) =>
    chosen.flatMap((figure) => figureRuns(figure, scale, source, others))
  const runs = runsWhere(known)
  const ready = await readySweep(sweepOfRuns(nameOf(request), runs), directory, sweepWorkers(flags), terminal)
  if (ready === null || E.isLeft(ready)) return ready
  const found = knownRuns(runs, ready.right)
  if (runsWhere(found).length === runs.length) return E.right({ runs, ready: ready.right })
  ready.right.worker.kill()
  return planFigures(request, terminal, found)
}

/** Train what is missing of a sweep, here or by the workers of a queue. */
const train = async (
  ready: ReadySweep,
  options: TrainSweepOptions,
  flags: FigureRequest['flags'],
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => {
  if (flags.queue === undefined) return trainSweep(ready, options, sweepWorkers(flags), terminal)
  const queue = await openQueue(flags.queue, flags, null, terminal)
  if (E.isLeft(queue)) {
    ready.worker.kill()
    return queue
  }
  try {
    return await queueSweep(ready, queue.right, options, terminal)
  } finally {
    await queue.right.close()
  }
}

const divergedOf = ({ sweep, board }: ReadySweep): number =>
  sweep.runs.filter((run) => board.stateOf(run).status === 'diverged').length

/** Write down which runs the figures consist of as far as it is known. */
export const keepPlanned = (
  { directory, chosen, scale }: FigureRequest,
  { runs, ready }: PlannedFigures,
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => keepFigures(directory, chosen, scale, runs, ready.sweep, terminal)

/**
 * Train what is missing: first runs that start from no others' weights; then, round by round, those that start from theirs and those that are
 * there because others have diverged.
 *
 * @returns the last plan, whose board says what the runs have come to.
 */
export const trainFigures = async (
  request: FigureRequest,
  planned: PlannedFigures,
  options: TrainSweepOptions,
  terminal: Terminal,
): Promise<E.Either<Failure, PlannedFigures>> => {
  const tried = new Set<string>()
  let current = planned
  let isFirst = true
  for (;;) {
    const { ready } = current
    const round = new Set(
      ready.sweep.runs
        .filter(
          ({ identity, experiment }) => !tried.has(identity) && (!isFirst || startsFrom(experiment) === null),
        )
        .map(({ identity }) => identity),
    )
    for (const identity of round) tried.add(identity)
    const before = divergedOf(ready)
    const isTaken = ({ identity }: { readonly identity: string }) => round.has(identity)
    const trained = await train(ready, { ...options, isTaken }, request.flags, terminal)
    if (E.isLeft(trained)) return trained
    const isWhole = ready.sweep.runs.every(({ identity }) => tried.has(identity))
    if (terminal.signal.aborted || (isWhole && divergedOf(ready) === before)) return E.right(current)
    const again = await planFigures(request, terminal)
    if (again === null) return E.right(current)
    if (E.isLeft(again)) return again
    if (again.right.ready.sweep.runs.every(({ identity }) => tried.has(identity))) {
      again.right.ready.worker.kill()
      return E.right(current)
    }
    const kept = await keepPlanned(request, again.right, terminal)
    if (E.isLeft(kept)) {
      again.right.ready.worker.kill()
      return kept
    }
    current = again.right
    isFirst = false
  }
}
