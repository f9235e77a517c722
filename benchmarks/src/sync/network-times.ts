/**
 * A whole network synchronized: the sum over its kernels, core and WASM beside the authors' way, and two threads beside one.
 */
import { makeWasmPool } from '@laperm/backend-wasm/pool'
import { renderError } from '@laperm/core'
import { inferShapes, type ZooName, zoo, zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import { interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { pairedRatio, type Spread, spreadOf } from '../harness/statistics.ts'
import { startSynchronizers } from './start-synchronizers.ts'
import { drawCase } from './sync-case.ts'
import { measureCase } from './sync-times.ts'

/** One size of kernel, and how many of the network's kernels have it. */
interface KernelSize {
  readonly length: number
  readonly count: number
  readonly times: number
}

const kernelSizes = (network: ZooName): readonly KernelSize[] => {
  const inferred = inferShapes(zoo[network])
  if (E.isLeft(inferred)) throw new TypeError(inferred.left.reason)
  const sizes = new Map<string, KernelSize>()
  for (const { role, shape } of inferred.right.parameters) {
    if (role !== 'kernel') continue
    const length = shape.slice(0, -1).reduce((product, axis) => product * axis, 1)
    const count = shape[shape.length - 1]
    const key = `${length}x${count}`
    sizes.set(key, { length, count, times: (sizes.get(key)?.times ?? 0) + 1 })
  }
  return [...sizes.values()]
}

/** Rounds of the pool for each of the table's: they take a tenth of a second. */
const POOL_TURNS = 5

/** Two threads of the pool beside one, on every kernel of Conv13 in shared memory. */
const measurePool = async (rounds: number): Promise<readonly string[]> => {
  const pools = await Promise.all(
    [1, 2].map(async (threads) => {
      const made = await makeWasmPool({ threads })()
      if (E.isLeft(made)) throw new Error(renderError(made.left))
      return made.right
    }),
  )
  const kernels = kernelSizes('conv13').flatMap(({ length, count, times }) =>
    Array.from({ length: times }, () => ({ weights: drawCase(length, count, 'uniform'), length, count })),
  )
  const contenders = pools.map((pool, index) => {
    const banks = kernels.map(({ weights, length, count }) => {
      const { sorted, w } = weights
      const shared = pool.allocate([w.length, w.length, w.length], length)
      shared[0].set(sorted)
      shared[1].set(w)
      return {
        sorted: { values: shared[0], length, count },
        w: { values: shared[1], length, count },
        out: shared[2],
      }
    })
    return {
      name: String(index + 1),
      measure: async () => {
        const start = performance.now()
        for (const { sorted, w, out } of banks) await pool.syncInto(sorted, w, out)
        return performance.now() - start
      },
    }
  })
  const times = await interleave(contenders, { rounds: POOL_TURNS * rounds, warmup: 1 })
  await Promise.all(pools.map((pool) => pool.close()))
  const [one, two] = ['1', '2'].map((name) => times.get(name) ?? spreadOf([Number.NaN]))
  const fastest = ({ measurements }: Spread): number => Math.min(...measurements)
  const said = (spread: Spread): string =>
    `${spread.median.toFixed(0)} ms (fastest ${fastest(spread).toFixed(0)})`
  return [
    `backend-wasm's pool on all kernels of Conv13, ${one.count} rounds: one thread ${said(one)}, two threads ${said(two)}: ${pairedRatio(one, two).median.toFixed(2)} times faster (fastest rounds ${(fastest(one) / fastest(two)).toFixed(2)}).`,
    ...pools.flatMap((pool) => (pool.note === null ? [] : [pool.note])),
  ]
}

/** Sum of the medians of all kernels, in milliseconds, for every network. */
export const measureNetworks = async (options: {
  readonly rounds: number
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const { synchronizers, missing } = await startSynchronizers(options.python, 1)
  // The others are slower by far (see the table by length) and would take hours on fifteen million weights.
  const able = synchronizers.filter(({ name }) =>
    /^(core|backend-wasm|numpy|torch|tensorflow|a plain copy)/.test(name),
  )
  const ours = able.map(({ name }) => name).filter((name) => name.startsWith('backend-wasm'))
  const rows: string[][] = []
  const measurements: unknown[] = []
  for (const network of zooNames) {
    const sums = new Map<string, number>(able.map(({ name }) => [name, 0]))
    for (const { length, count, times } of kernelSizes(network)) {
      for (const { name, nsPerWeight } of await measureCase(
        drawCase(length, count, 'uniform'),
        able,
        options.rounds,
      ))
        sums.set(name, (sums.get(name) ?? 0) + (nsPerWeight[0] * length * count * times) / 1e6)
    }
    const authors = [...sums].find(([name]) => name.startsWith('tensorflow'))?.[1]
    const overAuthors = (name: string): string =>
      authors === undefined ? '-' : (authors / (sums.get(name) ?? Number.NaN)).toFixed(1)
    rows.push([
      network,
      ...able.map(({ name }) => (sums.get(name) ?? Number.NaN).toFixed(2)),
      ...ours.map(overAuthors),
    ])
    measurements.push({ network, milliseconds: Object.fromEntries(sums) })
    console.error(rows.at(-1)?.join(' | '))
  }
  for (const synchronizer of synchronizers) synchronizer.stop()
  const pool = await measurePool(options.rounds)
  writeJson(options.json, { measurements, pool })
  return renderTable({
    title: 'All kernels of a network synchronized, milliseconds (sum of the medians), one thread',
    header: ['network', ...able.map(({ name }) => name), ...ours.map((name) => `the authors' way / ${name}`)],
    rows,
    notes: [...pool, ...missing],
  })
}
