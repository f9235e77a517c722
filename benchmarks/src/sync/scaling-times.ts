/**
 * Cost a weight from ten thousand to a hundred million weights, at n = 576, in matrices as large as layers are and in one matrix; nothing may fall
 * off a cliff.
 */
import { interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { inOwnThread } from './own-thread.ts'
import { drawCase } from './sync-case.ts'
import type { Synchronizer } from './synchronizer.ts'

const length = 576
const sizes = [1e4, 1e5, 1e6, 1e7, 1e8]

/** Weight vectors of a large layer: 147,456 weights, what the cache of one core holds. */
const BLOCK_COLUMNS = 256

/** How weights are laid out: columns of a matrix, and matrices. */
interface Layout {
  readonly name: string
  readonly split: (columns: number) => { readonly count: number; readonly matrices: number }
}

const layouts: readonly Layout[] = [
  {
    name: `matrices of at most ${BLOCK_COLUMNS} vectors`,
    split: (columns) =>
      columns <= BLOCK_COLUMNS
        ? { count: columns, matrices: 1 }
        : { count: BLOCK_COLUMNS, matrices: Math.round(columns / BLOCK_COLUMNS) },
  },
  { name: 'one matrix', split: (columns) => ({ count: columns, matrices: 1 }) },
]

/** Matrices one after the other, every one as `drawCase` draws them. */
const drawMatrices = (count: number, matrices: number) => {
  // Sixteen different ones: what V8 and the processor's guesses could learn of them is long forgotten when they come again.
  const drawn = Array.from({ length: Math.min(16, matrices) }, (_, m) =>
    drawCase(length, count, 'uniform', m),
  )
  const size = length * count
  const joined = (key: 'sorted' | 'w'): Float32Array => {
    const values = new Float32Array(matrices * size)
    for (let m = 0; m < matrices; m++) values.set(drawn[m % drawn.length][key], m * size)
    return values
  }
  return { sorted: joined('sorted'), w: joined('w') }
}

/** Cost at one size, nanoseconds a weight: medians, and of the fastest rounds, when nobody else used the machine. */
const measureSize = async (
  { split }: Layout,
  size: number,
  synchronizers: readonly Synchronizer[],
  rounds: number,
): Promise<{
  readonly weights: number
  readonly medians: readonly number[]
  readonly fastest: readonly number[]
}> => {
  const { count, matrices } = split(Math.round(size / length))
  const weights = drawMatrices(count, matrices)
  const repeats = Math.max(1, Math.round(2e6 / size))
  for (const synchronizer of synchronizers) await synchronizer.load({ ...weights, length, count, matrices })
  const times = await interleave(
    synchronizers.map((synchronizer) => ({
      name: synchronizer.name,
      measure: async () => (await synchronizer.run(repeats)) / repeats,
    })),
    // V8 compiles the copying of blocks only where there are some.
    { rounds, warmup: size < 1e8 ? 5 : 1 },
  )
  const scale = 1e6 / weights.w.length
  return {
    weights: weights.w.length,
    medians: synchronizers.map(({ name }) => (times.get(name)?.median ?? Number.NaN) * scale),
    fastest: synchronizers.map(({ name }) => Math.min(...(times.get(name)?.measurements ?? [])) * scale),
  }
}

/** The largest cost a weight over that of the smallest size, for each contender. */
const growth = (costs: readonly (readonly number[])[]): readonly number[] =>
  costs[0].map((smallest, i) => Math.max(...costs.map((row) => row[i])) / smallest)

/** Measure core and WASM at each size and layout. */
export const measureScaling = async (options: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const synchronizers = await Promise.all((['core', 'wasm', 'residentWasm'] as const).map(inOwnThread))
  const rows: string[][] = []
  for (const layout of layouts) {
    const medians: (readonly number[])[] = []
    const fastest: (readonly number[])[] = []
    for (const size of sizes) {
      const measured = await measureSize(layout, size, synchronizers, options.rounds)
      medians.push(measured.medians)
      fastest.push(measured.fastest)
      rows.push([
        layout.name,
        measured.weights.toLocaleString('en'),
        ...measured.medians.map((ns, i) => `${ns.toFixed(2)} (${measured.fastest[i].toFixed(2)})`),
      ])
      console.error(rows.at(-1)?.join(' | '))
    }
    const byMedian = growth(medians)
    const byFastest = growth(fastest)
    rows.push([
      layout.name,
      'growth',
      ...byMedian.map((ratio, i) => `${ratio.toFixed(2)} (${byFastest[i].toFixed(2)})`),
    ])
  }
  for (const synchronizer of synchronizers) synchronizer.stop()
  writeJson(options.json, rows)
  return renderTable({
    title: `Nanoseconds a weight as networks grow (n = ${length}, uniform): medians (fastest rounds)`,
    header: ['weights in', 'weights', ...synchronizers.map(({ name }) => name)],
    rows,
    notes: [],
  })
}
