/** How many times as long the peers take: within each round, so that a slow minute slows both. */
import { spreadOf } from '../harness/statistics.ts'

/** One case of a run: the time of every round, by contender. */
export interface MeasuredCase {
  readonly distribution: string
  readonly length: number
  readonly rounds: ReadonlyMap<string, readonly number[]>
}

const isOurs = (name: string): boolean => name.startsWith('core') || name.startsWith('backend-wasm')
const isPeer = (name: string): boolean => /^(numpy|torch|tensorflow)/.test(name)

interface Ratio {
  readonly ratio: number
  readonly place: string
}

type RatioOf = (own: readonly number[], other: readonly number[]) => number

/** Median of the ratios within rounds. */
const medianRatio: RatioOf = (own, other) => spreadOf(own.map((time, round) => other[round] / time)).median

/** Each one's fastest round: as the machine is when nobody else uses it. */
const fastestRatio: RatioOf = (own, other) => Math.min(...other) / Math.min(...own)

const ratiosOf = (
  cases: readonly MeasuredCase[],
  ours: string,
  peer: string,
  ratioOf: RatioOf,
): readonly Ratio[] =>
  cases.flatMap(({ distribution, length, rounds }) => {
    const [own, other] = [rounds.get(ours), rounds.get(peer)]
    if (own === undefined || other === undefined) return []
    return [{ ratio: ratioOf(own, other), place: `${distribution}, n = ${length}` }]
  })

const render = ({ ratio, place }: Ratio): string => `${ratio.toFixed(2)} (${place})`

const range = (ratios: readonly Ratio[]): string | undefined => {
  const [least, greatest] = [...ratios]
    .sort((a, b) => a.ratio - b.ratio)
    .filter((_, i, all) => i === 0 || i === all.length - 1)
  return least === undefined ? undefined : `from ${render(least)} to ${render(greatest ?? least)}`
}

/**
 * For each of ours and each peer, over vectors of at least `minLength` weights: the least and the greatest of the medians of the rounds' ratios, and of
 * the ratios of the fastest rounds.
 */
export const ratioNotes = (cases: readonly MeasuredCase[], minLength: number): readonly string[] => {
  const long = cases.filter(({ length }) => length >= minLength)
  const names = [...new Set(long.flatMap(({ rounds }) => [...rounds.keys()]))]
  return names.filter(isOurs).flatMap((ours) =>
    names.filter(isPeer).flatMap((peer) => {
      const medians = range(ratiosOf(long, ours, peer, medianRatio))
      const fastest = range(ratiosOf(long, ours, peer, fastestRatio))
      return medians === undefined || fastest === undefined
        ? []
        : [`${peer} / ${ours}, n >= ${minLength}: ${medians}; fastest rounds ${fastest}.`]
    }),
  )
}
