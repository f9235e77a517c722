/** Whether training still works with numbers. */
import type { Params } from '@laperm/core'

/** Whether every weight is a finite number. Cost: one pass. */
export const allFinite = (params: Params): boolean =>
  params.every(({ values }) => {
    // A sum of squares is NaN or infinite exactly when a float32 value is: doubles do not overflow here.
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
    return Number.isFinite(sum)
  })
