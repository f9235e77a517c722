/** Values of a distribution that somebody has drawn. */

/** How many bars a drawn distribution has, from the lowest values to the highest. */
export const drawnBars = 11

/**
 * Values from -1 to 1, ascending, at evenly spread quantiles; within a bar they are spread evenly.
 *
 * @param shares of each bar, none negative and not all 0; only their ratios count.
 */
export const quantilesOf = (shares: readonly number[], count: number): Float64Array => {
  const total = shares.reduce((sum, share) => sum + share, 0)
  const width = 2 / shares.length
  let bar = 0
  let below = 0
  return Float64Array.from({ length: count }, (_, rank) => {
    const wanted = ((rank + 0.5) / count) * total
    while (bar < shares.length - 1 && below + shares[bar] <= wanted) {
      below += shares[bar]
      bar++
    }
    const within = shares[bar] === 0 ? 0.5 : Math.min(1, (wanted - below) / shares[bar])
    return -1 + (bar + within) * width
  })
}
