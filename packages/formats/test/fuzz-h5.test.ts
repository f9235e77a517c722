/**
 * Damaged HDF5 files. On some, libhdf5 reads outside of WebAssembly's memory: it is stopped, the file is refused in words, and so is every file after it in the same
 * thread. On others it never comes back. Here each such thread is replaced, and both are counted: they are libhdf5's, and known.
 */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { makeRandom } from '@laperm/core'
import { afterAll, describe, expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes } from '../../../test/mutations.ts'
import type { CorruptFile } from '../src/index.ts'
import { fixture } from './weight-fixtures.ts'

const rounds = fuzzRounds(60)
/** Longer than it takes to read 100 kB: what has not come back then is given up and counted. */
const patienceMs = 10_000
const mostBytes = 2 ** 30

type Answer = { readonly refusal: CorruptFile | null } | { readonly thrown: string } | 'gone'

let worker: Worker | null = null
afterAll(() => worker?.terminate())

const ask = async (file: string, bytes: Uint8Array): Promise<Answer> => {
  worker ??= new Worker(new URL('./h5-reader.mjs', import.meta.url), { execArgv: [] })
  const current = worker
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('gone'), patienceMs)
    current.removeAllListeners()
    current.once('message', (answer: Answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
    current.once('error', reject)
    current.postMessage({ file, bytes })
  })
}

/** The answer of a thread whose library is whole. */
const readWhole = async (file: string, bytes: Uint8Array, replaced: () => void): Promise<Answer> => {
  const answer = await ask(file, bytes)
  const isBroken = answer !== 'gone' && 'refusal' in answer && answer.refusal?.expected === 'libhdf5'
  if (answer !== 'gone' && !isBroken) return answer
  await worker?.terminate()
  worker = null
  if (answer === 'gone') return answer
  replaced()
  return ask(file, bytes)
}

describe('damaged HDF5 files are refused in words, or well-formed', () => {
  test.each([
    ['keras2-weights.h5', 0, 6000],
    ['keras2-whole.h5', 0, 9000],
    ['keras3.weights.h5', 0, 9000],
    ['keras3.keras', 14_700, 24_000],
  ] as const)('%s', { timeout: fuzzTimeoutMs(rounds) + rounds * patienceMs }, async (file, from, to) => {
    const bytes = readFileSync(fixture(file))
    const before = process.memoryUsage().rss
    let refused = 0
    let replaced = 0
    let gone = 0
    let most = 0
    for (let round = 0; round < rounds; round++) {
      const random = makeRandom(1, `fuzz/${file}`, round)
      const damaged =
        random.nextInt(3) === 0
          ? damageBytes(bytes, random)
          : Buffer.concat([
              bytes.subarray(0, from),
              damageBytes(bytes.subarray(from, to), random),
              bytes.subarray(to),
            ])
      const answer = await readWhole(file, damaged, () => replaced++)
      if (answer === 'gone') {
        gone++
        continue
      }
      if ('thrown' in answer) throw new Error(`round ${round}: ${answer.thrown}`)
      if (answer.refusal !== null) {
        refused++
        expect(answer.refusal.expected.length + answer.refusal.found.length).toBeLessThan(1100)
        expect(answer.refusal.found).not.toBe('')
      }
      most = Math.max(most, process.memoryUsage().rss - before)
    }
    console.log(
      `${file}: ${rounds} mutations, ${refused} refused, ${rounds - refused - gone} well-formed; libhdf5 stopped ${replaced} times, did not come back ${gone} times; at most ${(most / 1e6).toFixed(0)} MB more`,
    )
    expect(most).toBeLessThan(mostBytes)
    expect(gone + replaced).toBeLessThan(5 + rounds / 20)
    expect(refused).toBeGreaterThan(rounds / 10)
  })
})
