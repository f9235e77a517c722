/** Which of a neuron's reconnected weights are worth an arrow (Figure 4 of the paper). */

/** A weight that was at index `from` of its vector and is at index `to` now. */
export interface Move {
  readonly from: number
  readonly to: number
}

/** `inverse[rank]` is the index that holds it. */
const inverseOf = (ranks: Uint32Array): Uint32Array => {
  const inverse = new Uint32Array(ranks.length)
  for (let i = 0; i < ranks.length; i++) inverse[ranks[i]] = i
  return inverse
}

/**
 * Match the places of one value: those that hold it before and now stay; the others are joined in order.
 */
const movesOfTies = (before: Uint32Array, now: Uint32Array): readonly Move[] => {
  const [had, has] = [new Set(before), new Set(now)]
  const left = [...before].filter((place) => !has.has(place)).sort((a, b) => a - b)
  const taken = [...now].filter((place) => !had.has(place)).sort((a, b) => a - b)
  return left.map((from, i) => ({ from, to: taken[i] }))
}

/**
 * Follow weights from where they were to where they are, the largest first.
 *
 * A synchronization puts `theta_sorted[r]` wherever rank `r` is, so the weight of rank `r` moved from the index that had rank `r` to the
 * one that has it now. Weights that did not move are left out.
 *
 * @param thetaSortedRanksBefore ranks of the vector before, a permutation of `0..n-1`; theta_0's, or those after any synchronization.
 * @param ranksNow ranks of the same vector now.
 * @param limit most moves.
 * @param sortedWeights theta_sorted of the vector: `|weight|` decides what is large, and weights of equal value (pruned or shared ones)
 *   count as moved only where a place gained or lost that value. Without it ranks tell: the farther from the middle rank, the
 *   larger the weight of a zero-mean vector; of two as far, the lower rank first.
 * @returns at most `limit` moves, largest weight first.
 * @example
 * ```ts
 * pickMoves(Uint32Array.of(0, 1, 2), Uint32Array.of(1, 0, 2), 60) // [{ from: 0, to: 1 }, { from: 1, to: 0 }]
 * ```
 */
export const pickMoves = (
  thetaSortedRanksBefore: Uint32Array,
  ranksNow: Uint32Array,
  limit: number,
  sortedWeights?: Float32Array,
): readonly Move[] => {
  const n = thetaSortedRanksBefore.length
  if (ranksNow.length !== n)
    throw new RangeError(
      `ranksNow has ${ranksNow.length} ranks, the vector before has ${n}: pass one vector's ranks`,
    )
  const [before, now] = [inverseOf(thetaSortedRanksBefore), inverseOf(ranksNow)]
  const size = (rank: number): number =>
    sortedWeights === undefined ? Math.abs(2 * rank - (n - 1)) : Math.abs(sortedWeights[rank])
  const groups: { readonly size: number; readonly first: number; readonly end: number }[] = []
  for (let first = 0, end = 1; first < n; first = end, end = first + 1) {
    if (sortedWeights !== undefined) while (end < n && sortedWeights[end] === sortedWeights[first]) end++
    groups.push({ size: size(first), first, end })
  }
  groups.sort((a, b) => b.size - a.size || a.first - b.first)
  const moves: Move[] = []
  for (const { first, end } of groups) {
    if (moves.length >= limit) break
    if (end - first > 1) moves.push(...movesOfTies(before.slice(first, end), now.slice(first, end)))
    else if (before[first] !== now[first]) moves.push({ from: before[first], to: now[first] })
  }
  return moves.slice(0, Math.max(0, limit))
}
