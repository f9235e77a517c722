/** Where each weight of a neuron goes from one image to the next, found by its value: no weight is new and none is gone. */

/** A weight on its way: indices into the images. */
export interface Flight {
  readonly from: number
  readonly to: number
  readonly value: number
}

/**
 * @param before and @param after the same values in two orders. Of equal values those that can stay do, and the others fly in order of place.
 * @returns the weights whose place holds another value afterwards, ascending by value. Empty where the images hold different values: then nothing flew.
 */
export const flightsBetween = (before: Float32Array, after: Float32Array): readonly Flight[] => {
  const places: number[] = []
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) places.push(i)
  const byValueIn = (values: Float32Array) => [...places].sort((a, b) => values[a] - values[b] || a - b)
  const [sources, targets] = [byValueIn(before), byValueIn(after)]
  const flights: Flight[] = []
  for (let i = 0; i < places.length; i++) {
    const value = before[sources[i]]
    if (value !== after[targets[i]]) return []
    flights.push({ from: sources[i], to: targets[i], value })
  }
  return flights
}
