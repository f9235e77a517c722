/** Calls of a store whose failures are answers. */
import { either as E, type taskEither as TE } from 'fp-ts'
import type { StoreUnavailable } from './store-errors.ts'

/**
 * A call's answer, where what it throws is the store's way to refuse.
 *
 * @param problemOf what a thrown error says of the store at that place; null where it is no refusal of the store.
 * @returns a call that gives refusals as `Left`; whatever else is thrown rejects.
 */
export const answersOf =
  (problemOf: (place: string, error: unknown) => StoreUnavailable | null) =>
  <A>(
    place: string,
    call: () => Promise<E.Either<StoreUnavailable, A>>,
  ): TE.TaskEither<StoreUnavailable, A> =>
  async () => {
    try {
      return await call()
    } catch (error) {
      const problem = problemOf(place, error)
      if (problem === null) throw error
      return E.left(problem)
    }
  }
