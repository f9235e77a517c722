/** What a layer's sorted weight vectors have in common: the lowest and the highest weight at every rank. */

export interface Envelope {
  readonly low: Float32Array
  readonly high: Float32Array
}

/**
 * @param rows `count` rows of `length` weights, each ascending.
 * @returns for every rank the least and the greatest weight of that rank.
 */
export const envelopeOf = (rows: Float32Array, length: number): Envelope => {
  const low = rows.slice(0, length)
  const high = rows.slice(0, length)
  for (let start = length; start + length <= rows.length; start += length)
    for (let r = 0; r < length; r++) {
      const value = rows[start + r]
      if (value < low[r]) low[r] = value
      if (value > high[r]) high[r] = value
    }
  return { low, high }
}

/** The greatest difference between weights of equal vector and rank; 0 exactly where all are the same numbers, NaN where one is no number. */
export const greatestDifference = (a: Float32Array, b: Float32Array): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i])
    if (difference > most) most = difference
    else if (Number.isNaN(difference)) return difference
  }
  return most
}

/** `limit` of `count` rows at most, evenly spread, the first and the last among them. */
export const pickRows = (count: number, limit: number): readonly number[] =>
  count <= limit
    ? Array.from({ length: count }, (_, i) => i)
    : Array.from({ length: limit }, (_, i) => Math.round((i * (count - 1)) / (limit - 1)))

/** Ranks at which a line is drawn: evenly spread, closer at both ends, where sorted weights are steep. */
export const pickRanks = (length: number, limit: number): readonly number[] => {
  if (length <= limit) return Array.from({ length }, (_, r) => r)
  const ranks = new Set(pickRows(length, limit))
  for (let r = 1; r < length / 4; r = Math.ceil(r * 1.3)) ranks.add(r).add(length - 1 - r)
  return [...ranks].sort((a, b) => a - b)
}
