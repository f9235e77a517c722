/**
 * A whole network synchronized: the sum over its kernels, core and WASM beside the authors' way.
 */
import { inferShapes, type ZooName, zoo, zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import { renderTable, writeJson } from '../harness/report.ts'
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
  writeJson(options.json, { measurements })
  return renderTable({
    title: 'All kernels of a network synchronized, milliseconds (sum of the medians), one thread',
    header: ['network', ...able.map(({ name }) => name), ...ours.map((name) => `the authors' way / ${name}`)],
    rows,
    notes: missing,
  })
}
