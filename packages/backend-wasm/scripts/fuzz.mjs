/**
 * Compare core and the kernel with a comparator sort on very many random vectors: every rank, every synchronized bit.
 *
 * `npm run fuzz -w @laperm/backend-wasm -- --vectors 10000000 --seed 1` (built packages; a few minutes). Ends with exit code 1 at the
 * first difference, which it prints with all that is needed to see it again.
 */
import { parseArgs } from 'node:util'
import { makeWasmBackend } from '@laperm/backend-wasm'
import { fillWeights, weightsKinds } from '@laperm/conformance'
import { makeRandom } from '@laperm/core'
import { rankInto, syncInto } from '@laperm/core/kernel'

const { values: options } = parseArgs({
  options: { vectors: { type: 'string', default: '10000000' }, seed: { type: 'string', default: '1' } },
})
const wanted = Number(options.vectors)
const seed = Number(options.seed)

const makeWasmSync = async (options) => {
  const made = await makeWasmBackend(options)()
  if (made._tag === 'Left') throw new Error(made.left.reason)
  return made.right.wasmSync
}
const wasmSync = await makeWasmSync()
// Whole matrices and other blocks, where there is memory for them.
const generous = await makeWasmSync({ memoryBytes: 2 ** 20 })

const MAX_LENGTH = 2100
const MAX_WEIGHTS = 40000
const [ownSorted, ownW, ownOut] = wasmSync.allocate([MAX_WEIGHTS, MAX_WEIGHTS, MAX_WEIGHTS], MAX_LENGTH)
const random = makeRandom(seed, 'fuzz')

/** Mostly short, sometimes long: all ways through both programs. */
const drawLength = () => {
  const die = random.nextInt(2000)
  if (die < 1960) return 1 + random.nextInt(24)
  if (die < 1995) return 25 + random.nextInt(150)
  return 175 + random.nextInt(MAX_LENGTH - 175)
}

const expectedRanks = (values, length, count, j) =>
  new Uint32Array(length)
    .map((_, i) => i)
    .sort((a, b) => {
      const x = values[a * count + j]
      const y = values[b * count + j]
      return x < y ? -1 : x > y ? 1 : a - b
    })
    .reduce((ranks, i, r) => {
      ranks[i] = r
      return ranks
    }, new Uint32Array(length))

let vectors = 0
let weights = 0
const started = Date.now()
let told = started
for (let round = 0; vectors < wanted; round++) {
  const length = drawLength()
  const count = Math.max(1, Math.min(1 + random.nextInt(600), Math.floor(MAX_WEIGHTS / length)))
  const kind = weightsKinds[random.nextInt(weightsKinds.length)]
  const w = { values: fillWeights(kind, length, count, makeRandom(seed, 'fuzz w', round)), length, count }
  // theta_sorted as 0, 1, 2, ... makes a synchronized weight its rank.
  const sorted = {
    values: Float32Array.from({ length: length * count }, (_, p) => Math.floor(p / count)),
    length,
    count,
  }
  const results = {
    'core rank': new Uint32Array(length * count),
    'wasm rank': new Uint32Array(length * count),
  }
  rankInto(w, results['core rank'])
  wasmSync.rankInto(w, results['wasm rank'])
  const synced = {
    'core sync': new Float32Array(length * count),
    'wasm sync': new Float32Array(length * count),
    'wasm sync with more memory': new Float32Array(length * count),
    "wasm sync in the kernel's memory": ownOut.subarray(0, length * count),
  }
  syncInto(sorted, w, synced['core sync'])
  wasmSync.syncInto(sorted, w, synced['wasm sync'])
  generous.syncInto(sorted, w, synced['wasm sync with more memory'])
  const own = (values) => ({ values, length, count })
  ownSorted.set(sorted.values)
  ownW.set(w.values)
  wasmSync.syncInto(
    own(ownSorted.subarray(0, length * count)),
    own(ownW.subarray(0, length * count)),
    synced["wasm sync in the kernel's memory"],
  )
  for (let j = 0; j < count; j++) {
    const expected = expectedRanks(w.values, length, count, j)
    for (const [name, got] of Object.entries({ ...results, ...synced })) {
      for (let i = 0; i < length; i++) {
        if (got[i * count + j] !== expected[i]) {
          console.error(
            `DIFFERENCE: ${name}, seed ${seed}, round ${round}, ${kind} [${length}, ${count}], vector ${j}, weight ${i}: expected ${expected[i]}, got ${got[i * count + j]}`,
          )
          process.exit(1)
        }
      }
    }
  }
  vectors += count
  weights += length * count
  if (Date.now() - told > 10_000) {
    told = Date.now()
    console.log(`${vectors} vectors, ${((told - started) / 1000).toFixed(0)} s`)
  }
}
console.log(
  `No difference: ${vectors} vectors, ${weights} weights, seed ${seed}, ${((Date.now() - started) / 1000).toFixed(0)} s.`,
)
