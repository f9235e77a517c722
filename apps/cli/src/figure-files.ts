/** Writes down which runs figures consist of, beside the runs. */
import { mkdir } from 'node:fs/promises'
import { type Figure, type FigureRun, keepFigureRecord, type ScaleName } from '@laperm/paper'
import type { PlannedSweep } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { plural } from './format.ts'
import type { ReadySweep } from './run-sweep.ts'
import type { Terminal } from './terminal.ts'

/** The identity of each run: two with equal experiments and data are one. */
const identities = ({ runs }: PlannedSweep): ReadonlyMap<string, string> =>
  new Map(runs.map(({ experiment, source, identity }) => [JSON.stringify([experiment, source]), identity]))

/**
 * Write the file of each figure. Runs that it named before and names no longer are of another configuration or version: they stay, are not
 * counted, and standard error says so.
 */
export const keepFigures = async (
  directory: string,
  figures: readonly Figure[],
  scale: ScaleName,
  runs: readonly FigureRun[],
  { sweep }: ReadySweep,
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => {
  const known = identities(sweep)
  try {
    await mkdir(directory, { recursive: true })
    for (const { name } of figures) {
      const recorded = runs.flatMap(({ figure, curve, seed, experiment, source }) => {
        const identity = known.get(JSON.stringify([experiment, source]))
        return figure === name && identity !== undefined ? [{ curve, seed, identity }] : []
      })
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
