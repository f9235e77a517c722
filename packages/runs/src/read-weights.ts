/** Reading the weights that a run has left, or has come to. */
import { join } from 'node:path'
import type { Params } from '@laperm/core'
import { readRegularFile } from '@laperm/data/node'
import { inferExperiment } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { checksumOf, unfittingFile } from './file-checksum.ts'
import { readSummary } from './read-summary.ts'
import { epochFile, type Run, runError, runFiles } from './run-directory.ts'
import { errorCodeOf, type RunError, runUnavailable } from './run-errors.ts'
import { decodeWeights } from './weights-file.ts'

const remedy =
  'The file was changed after the run had ended, or is that of another run: put back what the run wrote, or train again.'

/**
 * Read a run's weights. Those of a run that is over are held against what its summary says of the file; where that is damaged, or of an earlier
 * LaPerm, only the file's own checksum vouches for them.
 *
 * @param which `best` at the best evaluation; `last` at the last synchronization; a number for those that were kept of an epoch.
 * @returns `Left` when the run has none (yet), or the file is damaged, of another model or of another run.
 */
export const readWeights =
  (run: Run, which: 'best' | 'last' | number): TE.TaskEither<RunError, Params> =>
  async () => {
    const name = typeof which === 'number' ? epochFile(which) : runFiles[which]
    const path = join(run.directory, name)
    const inferred = inferExperiment(run.config.experiment)
    if (E.isLeft(inferred)) throw new TypeError('a checked experiment has a model that infers')
    try {
      const bytes = await readRegularFile(path)
      const files = (await readSummary(run))?.files
      // Before decoding, which puts zeros in the place of the checksum.
      const problem = files === undefined ? null : unfittingFile(path, files, checksumOf(bytes))
      const decoded = decodeWeights(path, bytes, inferred.right.parameters)
      // A file that is damaged in itself says more precisely where.
      return E.isLeft(decoded) || problem === null ? decoded : E.left({ ...problem, remedy })
    } catch (error) {
      return E.left(
        errorCodeOf(error) === 'ENOENT'
          ? runUnavailable(
              path,
              'the run has no such weights',
              'It may have ended before its first synchronization; resume it or train again.',
            )
          : runError(path, error),
      )
    }
  }
