/**
 * Damaged HDF5 files. libhdf5 in WebAssembly may read outside of its memory on such a file: it is stopped, the file is refused in words, and so is every file after it
 * in the same thread. Here each such thread is replaced, and counted.
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
/** A hang is longer than any reading of 100 kB, on a machine that does other work too. */
const hangMs = 30_000
const mostBytes = 2 ** 30

type Answer = { readonly refusal: CorruptFile | null } | { readonly thrown: string }

let worker: Worker | null = null
afterAll(() => worker?.terminate())

const ask = async (file: string, bytes: Uint8Array): Promise<Answer> => {
  worker ??= new Worker(new URL('./h5-reader.mjs', import.meta.url), { execArgv: [] })
  const current = worker
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('reading hangs')), hangMs)
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
  if (!('refusal' in answer) || answer.refusal?.expected !== 'libhdf5') return answer
  await worker?.terminate()
  worker = null
  replaced()
  return ask(file, bytes)
}

describe('damaged HDF5 files are refused in words, or well-formed', () => {
  test.each([
    ['keras2-weights.h5', 0, 6000],
    ['keras2-whole.h5', 0, 9000],
    ['keras3.weights.h5', 0, 9000],
    ['keras3.keras', 14_700, 24_000],
  ] as const)('%s', { timeout: fuzzTimeoutMs(rounds) }, async (file, from, to) => {
    const bytes = readFileSync(fixture(file))
    const before = process.memoryUsage().rss
    let refused = 0
    let replaced = 0
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
      if ('thrown' in answer) throw new Error(`round ${round}: ${answer.thrown}`)
      if (answer.refusal !== null) {
        refused++
        expect(answer.refusal.expected.length + answer.refusal.found.length).toBeLessThan(1100)
        expect(answer.refusal.found).not.toBe('')
      }
      most = Math.max(most, process.memoryUsage().rss - before)
    }
    console.log(
      `${file}: ${rounds} mutations, ${refused} refused, ${rounds - refused} well-formed; libhdf5 stopped ${replaced} times; at most ${(most / 1e6).toFixed(0)} MB more`,
    )
    expect(most).toBeLessThan(mostBytes)
    expect(refused).toBeGreaterThan(rounds / 10)
  })
})
