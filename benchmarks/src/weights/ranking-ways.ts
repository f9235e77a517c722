/** What each way to rank a layer after every step costs, apart from training: processor time of the MLP's first layer. */
import { makeWasmBackend } from '@laperm/backend-wasm'
import { makeRandom, rankingDistanceOfRanks } from '@laperm/core'
import { rankInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'
import { renderTable } from '../harness/report.ts'
import { type Spread, spreadOf } from '../harness/statistics.ts'

const length = 784
const count = 100
const calls = 200

/**
 * Ranks by the order before, column after column: insertion sort, which takes one comparison a weight where nothing has moved.
 *
 * @param order of the step before: `order[j * length + r]` is the index of the weight of rank `r` of vector `j`.
 */
const rankByLastOrder = (values: Float32Array, order: Uint32Array, keys: Float32Array): void => {
  for (let j = 0; j < count; j++) {
    const start = j * length
    for (let r = 0; r < length; r++) {
      const index = order[start + r]
      const key = values[index * count + j]
      let at = r
      for (; at > 0 && keys[at - 1] > key; at--) {
        keys[at] = keys[at - 1]
        order[start + at] = order[start + at - 1]
      }
      keys[at] = key
      order[start + at] = index
    }
  }
}

/** Processor milliseconds a call. */
const measure = (call: () => void, rounds: number): Spread => {
  for (let i = 0; i < calls; i++) call()
  return spreadOf(
    Array.from({ length: rounds }, () => {
      const before = process.cpuUsage()
      for (let i = 0; i < calls; i++) call()
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000 / calls
    }),
  )
}

/** Measure every way. */
export const measureRankingWays = async (rounds: number): Promise<string> => {
  const made = await makeWasmBackend()()
  if (E.isLeft(made)) throw new Error(made.left.reason)
  const { wasmSync } = made.right
  const random = makeRandom(1, 'ranking-ways')
  const values = Float32Array.from({ length: length * count }, () => random.nextUniform() - 0.5)
  const w = { values, length, count }
  const [ranks, before, order] = [0, 1, 2].map(() => new Uint32Array(values.length))
  rankInto(w, before)
  for (let j = 0; j < count; j++)
    for (let i = 0; i < length; i++) order[j * length + before[i * count + j]] = i
  const keys = new Float32Array(length)
  let consumed = 0
  const ways: readonly (readonly [string, () => void])[] = [
    [
      'every weight read once',
      () => {
        let sum = 0
        for (let i = 0; i < values.length; i++) sum += values[i]
        consumed += sum
      },
    ],
    ["ranks by core's TypeScript", () => rankInto(w, ranks)],
    ['ranks by the WASM kernel', () => wasmSync.rankInto(w, ranks)],
    ['ranks by the order before, nothing moved', () => rankByLastOrder(values, order, keys)],
    [
      'the distance of two rankings',
      () => {
        consumed += rankingDistanceOfRanks({ ranks: before, length, count }, { ranks, length, count }).mean
      },
    ],
  ]
  const rows = ways.map(([name, call]) => {
    const { median, low, high } = measure(call, rounds)
    return [name, `${median.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`]
  })
  if (Number.isNaN(consumed)) throw new Error('a weight was NaN')
  return renderTable({
    title: 'Ways to rank [784, 100] weights',
    header: ['way', 'ms of the processor'],
    rows,
    notes: [
      `Medians and quartiles of ${rounds} rounds of ${calls} calls, the layer in the processor's caches.`,
    ],
  })
}
