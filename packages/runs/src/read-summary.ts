/** Reading `summary.json` of a run. */
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { readSmallFile } from './read-small-file.ts'
import { type Run, runFiles } from './run-directory.ts'
import type { RunSummary } from './run-summary.ts'
import { mostSummaryBytes, parseSummary } from './summary-file.ts'

/** The summary of a run, with the directory that it lies in now; null where there is none that can be read. */
export const readSummary = async ({ directory }: Pick<Run, 'directory'>): Promise<RunSummary | null> => {
  const path = join(directory, runFiles.summary)
  const file = await readSmallFile(path, mostSummaryBytes)
  if (file.kind !== 'text') return null
  const summary = parseSummary(path, file.text)
  return E.isLeft(summary) ? null : { ...summary.right, runDirectory: directory }
}
