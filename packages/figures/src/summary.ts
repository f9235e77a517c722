/** Long series made short enough to draw: the mean and the range of neighbouring values. */

/** `count` points in ascending order of step; where a value was no number, `mean` is NaN and the line breaks. */
export interface Summary {
  readonly count: number
  readonly steps: Float64Array
  readonly mean: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

/**
 * Steps that share a point: the power of two that leaves points at least `spacing` pixels apart.
 *
 * A power of two, and counted from step 0, so that a point stays what it is while the run grows.
 */
export const stepsPerPoint = (stepsShown: number, width: number, spacing: number): number =>
  2 ** Math.max(0, Math.ceil(Math.log2((stepsShown * spacing) / Math.max(1, width))))

/**
 * Average a series over groups of steps `[g * perPoint, (g + 1) * perPoint)`.
 *
 * @param steps ascending, as long as `values`; neither is kept.
 * @param perPoint 1 leaves a series of whole steps as it is.
 * @param breaks ascending steps; no point averages what comes before and after one, which is the last of its own.
 */
export const summarize = (
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  perPoint: number,
  breaks: ArrayLike<number> = [],
): Summary => {
  const length = Math.min(steps.length, values.length)
  const groups = length === 0 ? 0 : Math.floor((steps[length - 1] - steps[0]) / perPoint) + 2 + breaks.length
  const [atStep, mean, low, high] = Array.from(
    { length: 4 },
    () => new Float64Array(Math.min(length, groups)),
  )
  let count = 0
  let next = 0
  for (let i = 0; i < length; count++) {
    while (next < breaks.length && breaks[next] < steps[i]) next++
    const nextGroup = (Math.floor(steps[i] / perPoint) + 1) * perPoint
    const last = next < breaks.length ? breaks[next] : Number.POSITIVE_INFINITY
    let [stepSum, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const first = i
    for (; i < length && steps[i] < nextGroup && steps[i] <= last; i++) {
      const value = values[i]
      stepSum += steps[i]
      sum += value
      if (value < least) least = value
      if (value > most) most = value
    }
    atStep[count] = stepSum / (i - first)
    mean[count] = sum / (i - first)
    low[count] = least
    high[count] = most
  }
  return { count, steps: atStep, mean, low, high }
}

/** The last index whose step is not after `step`; -1 where all are. */
export const indexAtStep = (steps: ArrayLike<number>, step: number): number => {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle] <= step) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The drawn line's value at a step between its points; NaN outside of it. */
export const interpolate = ({ count, steps, mean }: Summary, step: number): number => {
  if (count === 0) return Number.NaN
  const i = indexAtStep(steps.subarray(0, count), step)
  if (i < 0) return Number.NaN
  if (i === count - 1) return steps[i] === step ? mean[i] : Number.NaN
  const share = (step - steps[i]) / (steps[i + 1] - steps[i])
  return mean[i] + share * (mean[i + 1] - mean[i])
}
