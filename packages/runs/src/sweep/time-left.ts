/** How long a sweep still takes, from the steps that were measured: runs of one group take steps of like cost. */

/** What is left of a run. */
export interface Remaining {
  readonly group: number
  readonly steps: number
}

/** Measures steps while runs go on. */
export interface StepClock {
  /** A run of a group has taken steps in so many milliseconds. */
  readonly add: (group: number, steps: number, elapsedMs: number) => void
  /**
   * Milliseconds until all is done.
   *
   * @param workers that share the work.
   * @returns null before anything was measured. A group of which nothing is known counts as the mean of the others.
   */
  readonly left: (remaining: Iterable<Remaining>, workers: number) => number | null
}

interface Measured {
  steps: number
  elapsedMs: number
}

/** Make the clock of a sweep. */
export const makeStepClock = (): StepClock => {
  const groups = new Map<number, Measured>()
  const all: Measured = { steps: 0, elapsedMs: 0 }
  const costOf = ({ steps, elapsedMs }: Measured): number => elapsedMs / steps
  return {
    add: (group, steps, elapsedMs) => {
      const measured = groups.get(group) ?? { steps: 0, elapsedMs: 0 }
      groups.set(group, measured)
      for (const each of [measured, all]) {
        each.steps += steps
        each.elapsedMs += elapsedMs
      }
    },
    left: (remaining, workers) => {
      if (all.steps === 0) return null
      let total = 0
      for (const { group, steps } of remaining) {
        const measured = groups.get(group)
        total += steps * costOf(measured === undefined || measured.steps === 0 ? all : measured)
      }
      return total / Math.max(1, workers)
    },
  }
}
