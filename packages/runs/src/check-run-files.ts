/** Holding the files of a run that is over against what its `summary.json` says of them. */
import { join } from 'node:path'
import { systemRefusal } from '@laperm/data/node'
import { readChecksum, unfittingFile } from './file-checksum.ts'
import type { ListedRun } from './listed-run.ts'
import { renderRunError } from './run-errors.ts'
import type { RunSummary } from './run-summary.ts'

/** Whether a summary is that of a run which is over and whose files nothing vouches for: an earlier LaPerm wrote it. */
export const isUnchecked = (summary: RunSummary | null): boolean =>
  summary !== null && isOver(summary) && summary.files === undefined

const isOver = ({ status }: RunSummary): boolean => status === 'finished' || status === 'diverged'

/**
 * Which files of a run are not those that it has left. Reads all of them, weights too.
 *
 * @returns a sentence a file; none where every file that is there fits, and of a run that is not over or {@link isUnchecked}.
 */
export const unfittingFiles = async ({ directory, summary }: ListedRun): Promise<readonly string[]> => {
  const files = summary?.files ?? {}
  const problems: string[] = []
  for (const name of Object.keys(files)) {
    const path = join(directory, name)
    try {
      const problem = unfittingFile(name, files, await readChecksum(path))
      if (problem !== null) problems.push(renderRunError(problem))
    } catch (error) {
      const reason = systemRefusal(error)
      if (reason === null) throw error
      // Weights may have been left where the run was trained.
      if (!reason.startsWith('ENOENT')) problems.push(`${name} cannot be read: ${reason}`)
    }
  }
  return problems
}
