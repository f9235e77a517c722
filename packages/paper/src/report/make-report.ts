/** The report of a directory of runs: its page and its data. */
import { join } from 'node:path'
import { listRuns, writeFileSafely } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { type FigureResults, readFigureResults } from '../figure-results.ts'
import { figureNames } from '../figures/index.ts'
import { readFigureRecords } from '../keep-figure-record.ts'
import { csvName } from './figure-section.ts'
import { renderReport } from './page.ts'
import { resultsCsv } from './results-csv.ts'

/** What was written. */
export interface WrittenReport {
  readonly page: string
  readonly csv: readonly string[]
  readonly figures: readonly FigureResults[]
  /** What is in the directory and not in the page, a sentence each. */
  readonly leftOut: readonly string[]
}

/** The name of the page. */
export const reportName = 'report.html'

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Runs of a directory that no figure names. */
const strayRuns = async (directory: string, named: ReadonlySet<string>): Promise<number> => {
  const listed = await listRuns(directory)()
  if (E.isLeft(listed)) return 0
  let stray = 0
  for await (const { config } of listed.right) if (config === null || !named.has(config.identity)) stray++
  return stray
}

/**
 * Write `report.html` and a CSV a figure into the directory.
 *
 * @param directory that `laperm reproduce` wrote into, absolute.
 * @returns null where no figure's runs are.
 * @throws the file system's error.
 */
export const makeReport = async (directory: string): Promise<WrittenReport | null> => {
  const { records, damaged } = await readFigureRecords(directory)
  if (records.length === 0) return null
  const figures: FigureResults[] = []
  for (const record of records) figures.push(await readFigureResults(directory, record))
  const placeOf = ({ record }: FigureResults): number => figureNames.indexOf(record.figure)
  figures.sort((one, other) => placeOf(one) - placeOf(other))
  const named = new Set(records.flatMap(({ runs }) => runs.map(({ identity }) => identity)))
  const stray = await strayRuns(directory, named)
  const leftOut = [
    ...(stray === 0
      ? []
      : [
          `${plural(stray, 'run')} of this directory ${stray === 1 ? 'belongs' : 'belong'} to no figure as it is configured now, and ${stray === 1 ? 'is' : 'are'} not in this page.`,
        ]),
    ...damaged.map((name) => `${name} cannot be read and is left out; laperm reproduce writes it anew.`),
  ]
  const csv: string[] = []
  for (const results of figures) {
    const path = join(directory, csvName(results))
    await writeFileSafely(path, resultsCsv(results))
    csv.push(path)
  }
  const page = join(directory, reportName)
  await writeFileSafely(page, await renderReport({ figures, leftOut }))
  return { page, csv, figures, leftOut }
}
