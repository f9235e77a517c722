/** Cost a weight from ten thousand to a hundred million weights, at n = 576; nothing may fall off a cliff. */
import { interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { inOwnThread } from './own-thread.ts'
import { drawCase } from './sync-case.ts'

const length = 576
const sizes = [1e4, 1e5, 1e6, 1e7, 1e8]

/** Measure core and WASM at each size; the last row is the largest cost a weight over that of the smallest size. */
export const measureScaling = async (options: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const synchronizers = await Promise.all((['core', 'wasm', 'residentWasm'] as const).map(inOwnThread))
  const rows: string[][] = []
  const costs: number[][] = []
  for (const size of sizes) {
    const weights = drawCase(length, Math.round(size / length), 'uniform')
    const repeats = Math.max(1, Math.round(2e6 / size))
    for (const synchronizer of synchronizers) await synchronizer.load(weights)
    const times = await interleave(
      synchronizers.map((synchronizer) => ({
        name: synchronizer.name,
        measure: async () => (await synchronizer.run(repeats)) / repeats,
      })),
      { rounds: options.rounds, warmup: 1 },
    )
    costs.push(
      synchronizers.map(({ name }) => ((times.get(name)?.median ?? Number.NaN) * 1e6) / weights.w.length),
    )
    rows.push([weights.w.length.toLocaleString('en'), ...(costs.at(-1) ?? []).map((ns) => ns.toFixed(2))])
    console.error(rows.at(-1)?.join(' | '))
  }
  for (const synchronizer of synchronizers) synchronizer.stop()
  const growth = costs[0].map((smallest, i) => Math.max(...costs.map((row) => row[i])) / smallest)
  rows.push(['largest / smallest size', ...growth.map((ratio) => ratio.toFixed(2))])
  writeJson(options.json, rows)
  return renderTable({
    title: `Nanoseconds a weight as networks grow (n = ${length}, uniform)`,
    header: ['weights', ...synchronizers.map(({ name }) => name)],
    rows,
    notes: [],
  })
}
