/** Writes down which runs figures consist of, beside the runs. */
import { mkdir } from 'node:fs/promises'
import { type Figure, type FigureRun, keepFigureRecord, type ScaleName } from '@laperm/paper'
import type { PlannedSweep, ResolvedRun } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { plural } from './format.ts'
import type { Terminal } from './terminal.ts'

/** What is recorded beside training is no part of a run: with and without ranking distances it is one. */
const keyOf = ({ experiment: { rankingDistance: _recorded, ...decides }, source }: ResolvedRun): string =>
  JSON.stringify([decides, source])

/** The identity of each run of a sweep: two with equal experiments and data are one. */
export const identitiesOf = ({ runs }: PlannedSweep): ((run: ResolvedRun) => string) => {
  const known = new Map(runs.map((run) => [keyOf(run), run.identity]))
  return (run) => {
    const identity = known.get(keyOf(run))
    if (identity === undefined) throw new TypeError('a planned run must be in its sweep')
    return identity
  }
}

/**
 * Write the file of each figure. Runs that it named before and names no longer are of another configuration or version: they stay, are not
 * counted, and standard error says so.
 */
export const keepFigures = async (
  directory: string,
  figures: readonly Figure[],
  scale: ScaleName,
  runs: readonly FigureRun[],
  sweep: PlannedSweep,
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => {
  const identityOf = identitiesOf(sweep)
  try {
    await mkdir(directory, { recursive: true })
    for (const { name } of figures) {
      const recorded = runs
        .filter(({ figure }) => figure === name)
        .map((run) => ({ curve: run.curve, seed: run.seed, identity: identityOf(run) }))
      const command = `laperm reproduce ${name} --scale ${scale}`
      const left = await keepFigureRecord(directory, { figure: name, scale, runs: recorded, command })
      if (left > 0)
        terminal.err(
          `${name} at ${scale} had ${plural(left, 'run')} of another configuration or version in this directory: they stay and are not counted`,
        )
    }
    return E.right(undefined)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return E.left(usageError(`The figures' files could not be written: ${error.message}.`))
  }
}
