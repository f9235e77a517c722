/** What has happened in a run since the page was last told: gathered step by step, handed over ten times a second. */
import type { Distance, Evaluated, Progress, Proof } from '../messages/events.ts'
import type { PerContender } from '../settings/per-contender.ts'

export interface Reporter {
  readonly loss: (step: number, values: PerContender<number>) => void
  readonly evaluated: (evaluation: Evaluated) => void
  readonly distance: (distance: Distance) => void
  readonly synced: (step: number, proof: Proof) => void
  /** Everything since the last call. */
  readonly take: (step: number, stepsSinceSync: number, keptEvery: number) => Progress
}

/** @param now a clock in milliseconds. */
export const makeReporter = (now: () => number): Reporter => {
  let losses: { readonly step: number; readonly values: PerContender<number> }[] = []
  let evaluations: Evaluated[] = []
  let distances: Distance[] = []
  let syncs: number[] = []
  let proof: Proof | null = null
  let lastLoss: number | null = null
  let stepMs = 0

  return {
    loss: (step, values) => {
      losses.push({ step, values })
      const time = now()
      // The mean of about the last twenty steps; a pause is no step.
      if (lastLoss !== null && time - lastLoss < 5000)
        stepMs += (time - lastLoss - stepMs) * (stepMs === 0 ? 1 : 0.05)
      lastLoss = time
    },
    evaluated: (evaluation) => {
      evaluations.push(evaluation)
    },
    distance: (distance) => {
      distances.push(distance)
    },
    synced: (step, found) => {
      syncs.push(step)
      proof = found
    },
    take: (step, stepsSinceSync, keptEvery) => {
      const progress = {
        step,
        losses,
        evaluations,
        distances,
        syncs,
        proof,
        stepsSinceSync,
        msPerStep: stepMs,
        keptEvery,
      }
      losses = []
      evaluations = []
      distances = []
      syncs = []
      return progress
    },
  }
}
