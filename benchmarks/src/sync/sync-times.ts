/**
 * Nanoseconds a weight of one synchronization: core, the backends and their peers, in turns on the same weights.
 */
import { interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { startSynchronizers } from './start-synchronizers.ts'
import { type Distribution, drawCase, paperLengths, type SyncCase } from './sync-case.ts'
import { type MeasuredCase, ratioNotes } from './sync-ratios.ts'
import type { Synchronizer } from './synchronizer.ts'

/** Weights of one case; a layer of this size does not fit the first caches, as in the paper's networks. */
const weightsPerCase = 300_000
/** Vectors of a case: a multiple of 16, as the layers of the paper's networks have. */
const vectorsOf = (length: number): number => Math.max(16, 16 * Math.round(weightsPerCase / length / 16))
/** A turn takes about this long, so that the clock and the pipe to Python do not count. */
const turnMs = 20

/**
 * Where a result is wrong, or -1. Peers need not be stable: among weights that are equal any order will do, so a position where
 * it differs from core is wrong only where no other weight of its vector is equal to it.
 */
const firstDifference = ({ w, count }: SyncCase, expected: Float32Array, actual: Float32Array): number => {
  for (let i = 0; i < w.length; i++) {
    if (expected[i] === actual[i]) continue
    let equals = 0
    for (let other = i % count; other < w.length; other += count) if (w[other] === w[i]) equals++
    if (equals < 2) return i
  }
  return -1
}

/** Check every synchronizer against core, then time them in turns; nanoseconds a weight: median and quartiles. */
export const measureCase = async (
  weights: SyncCase,
  synchronizers: readonly Synchronizer[],
  rounds: number,
): Promise<
  readonly {
    readonly name: string
    readonly nsPerWeight: readonly [number, number, number]
    readonly rounds: readonly number[]
  }[]
> => {
  const able = synchronizers.filter(({ minLength = 1 }) => weights.length >= minLength)
  let expected: Float32Array | undefined
  const repeats = new Map<string, number>()
  for (const synchronizer of able) {
    await synchronizer.load(weights)
    const once = await synchronizer.run(2)
    repeats.set(
      synchronizer.name,
      Math.max(1, Math.min(1000, Math.round((2 * turnMs) / Math.max(once, 0.01)))),
    )
    if (synchronizer.name.startsWith('a plain copy')) continue
    const result = await synchronizer.result()
    expected ??= result.slice()
    const different = firstDifference(weights, expected, result)
    if (different >= 0)
      throw new Error(
        `${synchronizer.name} differs from core at ${different} for ${weights.length} x ${weights.count}`,
      )
  }
  const times = await interleave(
    able.map((synchronizer) => ({
      name: synchronizer.name,
      measure: async () => {
        const count = repeats.get(synchronizer.name) ?? 1
        return (await synchronizer.run(count)) / count
      },
    })),
    { rounds, warmup: 2 },
  )
  const scale = 1e6 / weights.w.length
  return [...times].map(([name, { median, low, high, measurements }]) => ({
    name,
    nsPerWeight: [median * scale, low * scale, high * scale] as const,
    rounds: measurements,
  }))
}

/** Measure every length and distribution, or only some. */
export const measureSync = async (options: {
  readonly lengths: readonly number[] | undefined
  readonly distributions: readonly Distribution[]
  readonly rounds: number
  readonly threads: number
  readonly python: string | undefined
  /** Only those whose name contains one of these. */
  readonly only: readonly string[] | undefined
  readonly json: string
}): Promise<string> => {
  const { synchronizers: all, missing } = await startSynchronizers(options.python, options.threads)
  const { only } = options
  const synchronizers = all.filter(({ name }) => only?.some((part) => name.includes(part)) ?? true)
  const rows: string[][] = []
  const measurements: unknown[] = []
  const cases: MeasuredCase[] = []
  for (const distribution of options.distributions) {
    for (const length of options.lengths ?? paperLengths) {
      const weights = drawCase(length, vectorsOf(length), distribution)
      const times = await measureCase(weights, synchronizers, options.rounds)
      const byName = new Map(times.map(({ name, nsPerWeight }) => [name, nsPerWeight]))
      rows.push([
        distribution,
        String(length),
        ...synchronizers.map(({ name }) => byName.get(name)?.[0].toFixed(1) ?? '-'),
      ])
      measurements.push({ distribution, length, count: weights.count, times })
      cases.push({
        distribution,
        length,
        rounds: new Map(times.map(({ name, rounds }) => [name, rounds])),
      })
      console.error(rows.at(-1)?.join(' | '))
    }
  }
  for (const synchronizer of all) synchronizer.stop()
  writeJson(options.json, measurements)
  return renderTable({
    title: 'Synchronization, nanoseconds a weight (medians)',
    header: ['weights', 'n', ...synchronizers.map(({ name }) => name)],
    rows,
    notes: [
      `${options.threads} thread(s) each, turns interleaved, ${options.rounds} rounds, about ${weightsPerCase.toLocaleString('en')} weights a case; every result compared with core's.`,
      ...[144, 288].flatMap((minLength) => ratioNotes(cases, minLength)),
      ...missing,
    ],
  })
}
