/** Which of some runs somebody wants to see, and in which order. */
import { either as E } from 'fp-ts'
import type { ListedRun } from './listed-run.ts'
import { fieldsOf } from './run-fields.ts'
import { compareValues, type FilterError, meets, type RunCondition, resolveField } from './run-filter.ts'

/** What is wanted. */
export interface RunSelection {
  /** All of them must hold. */
  readonly conditions?: readonly RunCondition[]
  /** A field; the newest run first where none is named. */
  readonly sort?: { readonly field: string; readonly isDescending: boolean } | undefined
  readonly limit?: number | undefined
}

const newestFirst = { field: 'createdAt', isDescending: true }

/**
 * Filter, sort, and keep the first.
 *
 * @returns `Left` with a field that no run has, and the nearest one that some has. Runs without the field that is sorted by stand last.
 */
export const selectRuns = (
  runs: readonly ListedRun[],
  { conditions = [], sort = newestFirst, limit }: RunSelection,
): E.Either<FilterError, readonly ListedRun[]> => {
  const known = runs.map((run) => ({ run, fields: fieldsOf(run) }))
  const all = known.map(({ fields }) => fields)
  const resolved: RunCondition[] = []
  for (const condition of conditions) {
    const field = resolveField(condition.field, all)
    if (E.isLeft(field)) return field
    resolved.push({ ...condition, field: field.right })
  }
  const by = resolveField(sort.field, all)
  if (E.isLeft(by)) return by
  const sign = sort.isDescending ? -1 : 1
  const chosen = known
    .filter(({ fields }) => resolved.every((condition) => meets(fields, condition)))
    .sort((a, b) => {
      const [one, other] = [a.fields[by.right], b.fields[by.right]]
      const order = compareValues(one, other) * (one == null || other == null ? 1 : sign)
      return order === 0 ? compareValues(a.run.name, b.run.name) : order
    })
  return E.right(chosen.slice(0, limit).map(({ run }) => run))
}
