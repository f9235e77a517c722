/** The synchronize benchmark: every backend in each round, so that what the machine does meanwhile is shared fairly. Pure but for clocks. */
import type { Backend, WeightVectors } from '@laperm/core'

/** One backend with theta_sorted and theta of every kernel in its own memory. */
export interface Bench {
  /** Synchronize every kernel once. @returns milliseconds. */
  readonly run: () => Promise<number>
  readonly dispose: () => void
}

/** A matrix to synchronize: theta_sorted and the weights whose order it takes. */
export interface SyncJob {
  readonly sorted: WeightVectors
  readonly w: WeightVectors
}

/** How many synchronizations are queued before one result is read back: a GPU only computes when somebody waits. */
const queued = 8

export const makeBench = <Bank>(
  backend: Backend<Bank>,
  jobs: readonly SyncJob[],
  now: () => number,
): Bench => {
  const banks = jobs.map(({ sorted, w }) => ({ sorted: backend.upload(sorted), w: backend.upload(w) }))
  return {
    run: async () => {
      const start = now()
      let kept: Bank | undefined
      for (let time = 0; time < queued; time++)
        for (const { sorted, w } of banks) {
          if (kept !== undefined) backend.dispose(kept)
          kept = backend.sync(sorted, w)
        }
      if (kept === undefined) throw new RangeError('jobs: there must be at least one')
      const { values } = await backend.download(kept)
      const elapsed = now() - start
      backend.dispose(kept)
      if (Number.isNaN(values[0])) throw new Error('the result holds NaN')
      return elapsed / queued
    },
    dispose: () => {
      for (const { sorted, w } of banks) {
        backend.dispose(sorted)
        backend.dispose(w)
      }
    },
  }
}

/** Median and quartiles, by linear interpolation between order statistics. */
export const quartiles = (values: readonly number[]): readonly [number, number, number] => {
  const ascending = [...values].sort((a, b) => a - b)
  const at = (share: number): number => {
    const position = share * (ascending.length - 1)
    const below = Math.floor(position)
    const above = Math.min(below + 1, ascending.length - 1)
    return ascending[below] + (position - below) * (ascending[above] - ascending[below])
  }
  return [at(0.25), at(0.5), at(0.75)]
}

/**
 * Time every bench once a round, beginning with another one each time. The first round warms up and does not count.
 *
 * @param onRound called after each round.
 */
export const measureInTurns = async (
  benches: readonly Bench[],
  rounds: number,
  onRound: (done: number) => void,
): Promise<readonly (readonly number[])[]> => {
  const times: number[][] = benches.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < benches.length; i++) {
      const which = (i + round) % benches.length
      const ms = await benches[which].run()
      if (round > 0) times[which].push(ms)
    }
    onRound(round)
  }
  return times
}
