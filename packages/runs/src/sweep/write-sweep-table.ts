/** The table of a sweep as files beside its runs. They are made anew each time, out of the runs alone. */
import { join } from 'node:path'
import { makeDirectories } from '@laperm/data/node'
import { either as E, type taskEither as TE } from 'fp-ts'
import { runError } from '../run-directory.ts'
import type { RunError } from '../run-errors.ts'
import type { Fields } from '../run-fields.ts'
import { csvLines } from '../tidy-rows.ts'
import { writeFileSafely } from '../write-file-safely.ts'
import type { PlannedRun, PlannedSweep } from './plan-sweep.ts'
import { type SweepGroup, type SweepRunState, sweepGroups, sweepRows } from './sweep-table.ts'

/** What was written. */
export interface SweepTables {
  readonly csv: string
  readonly json: string
  readonly groups: readonly SweepGroup[]
}

/** A row a line, so that lines can be compared and searched. */
const jsonText = (head: Readonly<Record<string, unknown>>, rows: readonly Fields[]): string =>
  `${JSON.stringify(head).slice(0, -1)},"runs":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`

/**
 * Write `sweep-<name>.csv`, a row a run, and `sweep-<name>.json`, which has the groups over seeds as well.
 *
 * @param directory of the sweep's runs.
 */
export const writeSweepTables =
  (
    directory: string,
    sweep: PlannedSweep,
    stateOf: (run: PlannedRun) => SweepRunState,
  ): TE.TaskEither<RunError, SweepTables> =>
  async () => {
    const { name, fields } = sweep
    const rows = sweepRows(sweep, stateOf)
    const groups = sweepGroups(sweep, stateOf)
    const csv = join(directory, `sweep-${name}.csv`)
    const json = join(directory, `sweep-${name}.json`)
    try {
      await makeDirectories(directory)
      await writeFileSafely(csv, `${csvLines(rows).join('\n')}\n`)
      await writeFileSafely(json, jsonText({ name, fields, groups }, rows))
      return E.right({ csv, json, groups })
    } catch (error) {
      return E.left(runError(directory, error))
    }
  }
