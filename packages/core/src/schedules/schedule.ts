/** A schedule: a number that changes over a run. */

/** A function of the step, counted from 1. */
export type Schedule = (step: number) => number
