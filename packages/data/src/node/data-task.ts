/**
 * Where thrown problems become a `Left`: the boundary of everything that reads files.
 */
import { either as E, type taskEither as TE } from 'fp-ts'
import type { DataError } from '../data-error.ts'
import { DataProblem } from '../data-problem.ts'
import { systemRefusal } from './system-refusal.ts'

/** A failure as data; what is neither ours nor the file system's is a bug and is thrown on. */
const toDataError = (name: string, error: unknown, signal: AbortSignal | undefined): DataError => {
  if (error instanceof DataProblem) return error.problem
  if (signal?.aborted === true) return { _tag: 'ReadingAborted', what: name }
  const reason = systemRefusal(error)
  if (reason === null) throw error
  const file = error instanceof Error && 'path' in error ? String(error.path) : name
  return { _tag: 'FileSystemFailed', file, reason }
}

/**
 * Run work as a task.
 *
 * @param name of what is loaded, for errors that name no file.
 */
export const dataTask =
  <A>(name: string, signal: AbortSignal | undefined, work: () => Promise<A>): TE.TaskEither<DataError, A> =>
  async () => {
    try {
      signal?.throwIfAborted()
      return E.right(await work())
    } catch (error) {
      return E.left(toDataError(name, error, signal))
    }
  }
