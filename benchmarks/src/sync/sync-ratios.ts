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

const ratiosOf = (cases: readonly MeasuredCase[], ours: string, peer: string): readonly Ratio[] =>
  cases.flatMap(({ distribution, length, rounds }) => {
    const [own, other] = [rounds.get(ours), rounds.get(peer)]
    if (own === undefined || other === undefined) return []
    const { median } = spreadOf(own.map((time, round) => other[round] / time))
    return [{ ratio: median, place: `${distribution}, n = ${length}` }]
  })

const render = ({ ratio, place }: Ratio): string => `${ratio.toFixed(2)} (${place})`

/** For each of ours and each peer, the least and the greatest median of the rounds' ratios, over vectors of at least `minLength` weights. */
export const ratioNotes = (cases: readonly MeasuredCase[], minLength: number): readonly string[] => {
  const long = cases.filter(({ length }) => length >= minLength)
  const names = [...new Set(long.flatMap(({ rounds }) => [...rounds.keys()]))]
  return names.filter(isOurs).flatMap((ours) =>
    names.filter(isPeer).flatMap((peer) => {
      const ratios = [...ratiosOf(long, ours, peer)].sort((a, b) => a.ratio - b.ratio)
      const [least, greatest] = [ratios.at(0), ratios.at(-1)]
      return least === undefined || greatest === undefined
        ? []
        : [`${peer} / ${ours}, n >= ${minLength}: from ${render(least)} to ${render(greatest)}.`]
    }),
  )
}
