/** Which of some runs somebody wants to see, and in which order. */
import { either as E } from 'fp-ts'
import { checkCondition } from './check-condition.ts'
import type { ListedRun } from './listed-run.ts'
import { fieldsOf } from './run-fields.ts'
import { compareValues, type FilterError, meets, type RunCondition, resolveField } from './run-filter.ts'

/** An order of runs. */
export interface RunOrder {
  readonly field: string
  /** Default: accuracies the highest first, times the newest first, everything else ascending. */
  readonly isDescending?: boolean | undefined
}

/** What is wanted. */
export interface RunSelection {
  /** All of them must hold. */
  readonly conditions?: readonly RunCondition[]
  /** A field; the newest run first where none is named. */
  readonly sort?: RunOrder | undefined
  readonly limit?: number | undefined
}

const newestFirst: RunOrder = { field: 'createdAt' }

/** Where nobody says, the first of a list is what somebody looks for. */
const descends = (field: string): boolean => /Accuracy$|^(created|changed)At$/.test(field)

/**
 * Filter, sort, and keep the first.
 *
 * @returns `Left` with a field that no run has, and the nearest one that some has, or a value that the field cannot have. Runs without the field that is sorted by stand last.
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
    const checked = checkCondition({ ...condition, field: field.right }, all)
    if (E.isLeft(checked)) return checked
    resolved.push(checked.right)
  }
  const by = resolveField(sort.field, all)
  if (E.isLeft(by)) return by
  const sign = (sort.isDescending ?? descends(by.right)) ? -1 : 1
  const chosen = known
    .filter(({ fields }) => resolved.every((condition) => meets(fields, condition)))
    .sort((a, b) => {
      const [one, other] = [a.fields[by.right], b.fields[by.right]]
      const order = compareValues(one, other) * (one == null || other == null ? 1 : sign)
      return order === 0 ? compareValues(a.run.name, b.run.name) : order
    })
  return E.right(chosen.slice(0, limit).map(({ run }) => run))
}
