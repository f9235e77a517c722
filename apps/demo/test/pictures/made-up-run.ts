/** Made-up data for the gallery and the tests of pictures: shaped like a run, computed from a seed, no result of anything. */
import type { NeuronImageData } from '../../src/pictures/neuron-image.ts'
import { pickMoves } from '../../src/pictures/pick-moves.ts'
import type { SortedVectorsData } from '../../src/pictures/sorted-vectors.ts'
import type { TrainingChartData } from '../../src/pictures/training-chart.ts'

/** A generator of numbers in [0, 1): mulberry32. */
export const makeDraw = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const kinds = [
  { name: 'LaPerm', kind: 'laperm', speed: 0.7, floor: 0.1, best: 0.962 },
  { name: 'Adam', kind: 'adam', speed: 1.2, floor: 0.035, best: 0.981 },
  { name: 'Lookahead', kind: 'lookahead', speed: 1, floor: 0.045, best: 0.978 },
] as const

/** Loss of every step. */
export const madeUpLoss = (lastStep: number, syncPeriod: number): TrainingChartData => {
  const draw = makeDraw(7)
  const steps = Float64Array.from({ length: lastStep }, (_, i) => i + 1)
  return {
    lastStep,
    syncSteps: Array.from({ length: Math.floor(lastStep / syncPeriod) }, (_, i) => (i + 1) * syncPeriod),
    series: kinds.map(({ name, kind, speed, floor }) => ({
      name,
      kind,
      steps,
      values: Array.from(steps, (step) => {
        const drift = kind === 'laperm' ? 0.5 * (1 - (step % syncPeriod) / syncPeriod) : 0
        const mean =
          2.3 * Math.exp((-step * speed) / 60) + floor * (1 + drift) + 0.35 * Math.exp((-step * speed) / 400)
        return mean * Math.exp(0.5 * (draw() + draw() + draw() - 1.5))
      }),
    })),
  }
}

/** Accuracy at every synchronization. */
export const madeUpAccuracy = (lastStep: number, syncPeriod: number): TrainingChartData => {
  const draw = makeDraw(11)
  const syncSteps = Array.from({ length: Math.floor(lastStep / syncPeriod) }, (_, i) => (i + 1) * syncPeriod)
  return {
    lastStep,
    syncSteps,
    series: kinds.map(({ name, kind, speed, best }) => ({
      name,
      kind,
      steps: [0, ...syncSteps],
      values: [0, ...syncSteps].map((step) =>
        step === 0
          ? 0.097
          : best -
            0.86 * Math.exp((-step * speed) / 90) -
            0.08 * Math.exp((-step * speed) / 500) +
            0.012 * (draw() - 0.5),
      ),
    })),
  }
}

/** Ranking distance since the last synchronization. */
export const madeUpDistance = (lastStep: number, syncPeriod: number) => {
  const draw = makeDraw(13)
  const steps = Float64Array.from({ length: lastStep }, (_, i) => i + 1)
  return {
    steps,
    values: Array.from(
      steps,
      (step) =>
        (0.05 * Math.sqrt(step % syncPeriod) * (0.9 + 0.2 * draw())) /
        Math.sqrt(syncPeriod) /
        (1 + step / 900),
    ),
    lastStep,
    syncSteps: Array.from({ length: Math.floor(lastStep / syncPeriod) }, (_, i) => (i + 1) * syncPeriod),
  }
}

const ranksOf = (weights: Float32Array): Uint32Array => {
  const order = Array.from(weights, (_, i) => i).sort((a, b) => weights[a] - weights[b] || a - b)
  const ranks = new Uint32Array(weights.length)
  order.forEach((i, rank) => {
    ranks[i] = rank
  })
  return ranks
}

/** A neuron that looks at digits: noise before, the same numbers in the shape of a stroke now. */
export const madeUpNeuron = (limit: number): NeuronImageData => {
  const draw = makeDraw(3)
  const side = 28
  const before = Float32Array.from({ length: side * side }, () => 0.0875 * (2 * draw() - 1))
  const wanted = before.map((w, i) => {
    const [x, y] = [(i % side) - 13.5, Math.floor(i / side) - 13.5]
    const ring = Math.exp(-(((Math.hypot(x, y * 0.8) - 6) / 2.2) ** 2))
    const middle = Math.exp(-((x / 2.5) ** 2) - (y / 4) ** 2)
    return w + 0.16 * ring - 0.2 * middle - 0.05 * Math.exp(-(((Math.hypot(x, y) - 11) / 2) ** 2))
  })
  const [ranksBefore, ranksNow] = [ranksOf(before), ranksOf(wanted)]
  const sorted = before.slice().sort()
  const now = Float32Array.from(ranksNow, (rank) => sorted[rank])
  return { side, before, now, moves: pickMoves(ranksBefore, ranksNow, limit, sorted) }
}

/** Sorted vectors of a layer, drifted away from theta_0 by a share. */
export const madeUpVectors = (drift: number): SortedVectorsData => {
  const draw = makeDraw(5)
  const [length, count] = [784, 128]
  const [sorted, reference] = [new Float32Array(length * count), new Float32Array(length * count)]
  for (let v = 0; v < count; v++) {
    const vector = Float32Array.from({ length }, () => 0.0875 * (2 * draw() - 1)).sort()
    reference.set(vector, v * length)
    const pull = 0.4 + draw()
    sorted.set(
      vector.map((w) => w + drift * pull * (8 * w ** 3 * 60 + 0.06 * (draw() - 0.5))).sort(),
      v * length,
    )
  }
  return {
    length,
    count,
    sorted,
    reference,
    label:
      drift === 0
        ? 'first dense layer, right after a synchronization'
        : 'first dense layer, 180 steps after a synchronization',
  }
}
