/**
 * The checked API: the fast functions behind `Either`, with what can go wrong as plain data.
 */
import * as E from '../either.ts'
import { DivergedError } from '../errors/diverged-error.ts'
import type { Diverged, SizeMismatch } from '../errors/errors.ts'

/**
 * Run a fast function on buffers that keep its rules.
 *
 * @param variable name of the variable, for `Diverged`.
 * @param breach the first broken rule, or `null`.
 * @param compute makes the result; may throw `DivergedError`, which becomes `Left`. Any other error is a bug and goes on.
 */
export const checked = <A>(
  variable: string,
  breach: SizeMismatch | null,
  compute: () => A,
): E.Either<Diverged | SizeMismatch, A> => {
  if (breach !== null) return E.left(breach)
  try {
    return E.right(compute())
  } catch (error) {
    if (error instanceof DivergedError) return E.left(error.in(variable).diverged)
    throw error
  }
}
