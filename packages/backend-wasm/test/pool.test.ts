import { DivergedError } from '@laperm/core'
import { sortInto, syncInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { makePool, type PoolThread } from '../src/pool.ts'
import type { PoolAnswer, PoolJob } from '../src/pool-job.ts'
import { makeWasmPool, startThread, type WasmPool } from '../src/pool-node.ts'

const right = <A>(either: E.Either<{ readonly reason: string }, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.reason)
  return either.right
}
const pools: WasmPool[] = []
const poolOf = async (threads: number): Promise<WasmPool> => {
  const pool = right(await makeWasmPool({ threads })())
  pools.push(pool)
  return pool
}
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

/** theta_sorted, weights and room for a result, all three drawn, in one memory. */
const drawn = (pool: WasmPool, length: number, count: number) => {
  const size = length * count
  const [sorted, w, out] = pool.allocate([size, size, size], length).map((values, seed) => {
    for (let p = 0; p < size; p++) values[p] = (Math.sin(p * 12.9898 + seed) * 43758.5453) % 1
    return { values, length, count }
  })
  sortInto(sorted, sorted.values)
  return { sorted, w, out: out.values }
}
const expectCoresBits = async (pool: WasmPool, length: number, count: number) => {
  const { sorted, w, out } = drawn(pool, length, count)
  const expected = new Float32Array(length * count)
  syncInto(sorted, w, expected)
  await pool.syncInto(sorted, w, out)
  expect(firstDifference(bitsOf(out), bitsOf(expected))).toBeNull()
  await pool.syncInto(sorted, w, w.values)
  expect(firstDifference(bitsOf(w.values), bitsOf(expected))).toBeNull()
}

describe.each([1, 2, 3])('a pool of %i threads', (threads) => {
  test("gives core's bits, in place too, whatever part of the columns a thread gets", async () => {
    const pool = await poolOf(threads)
    expect(pool).toMatchObject({ threads, note: null })
    for (const [length, count] of [
      [1, 7],
      [9, 1],
      [144, 6],
      [27, 64],
      [300, 2],
      [576, 130],
      [800, 333],
      [1152, 512],
    ])
      await expectCoresBits(pool, length, count)
  })
})

test('calls that overlap run one after the other', async () => {
  const pool = await poolOf(2)
  await Promise.all([
    expectCoresBits(pool, 200, 40),
    expectCoresBits(pool, 20, 300),
    expectCoresBits(pool, 64, 64),
  ])
})

test('NaN, sizes and unshared memory are refused before anything is written, and the pool goes on', async () => {
  const pool = await poolOf(2)
  const { sorted, w } = drawn(pool, 100, 40)
  w.values[99 * 40 + 39] = Number.NaN
  const before = w.values.slice()
  await expect(pool.syncInto(sorted, w, w.values)).rejects.toThrow(DivergedError)
  await expect(pool.syncInto(sorted, w, w.values)).rejects.toMatchObject({ vector: 39, index: 99 })
  expect(firstDifference(bitsOf(w.values), bitsOf(before))).toBeNull()
  await expect(pool.syncInto(sorted, w, w.values.subarray(3))).rejects.toThrow(RangeError)
  const other = drawn(pool, 100, 40)
  await expect(pool.syncInto(sorted, w, new Float32Array(4000))).rejects.toThrow(
    /out: expected an array from the same call of pool\.allocate as w/,
  )
  await expect(pool.syncInto(other.sorted, w, w.values)).rejects.toThrow(
    /sorted: expected an array from the same/,
  )
  await expect(pool.syncInto(sorted, { ...w, values: new Float32Array(4000) }, other.out)).rejects.toThrow(
    /w: expected an array from pool\.allocate/,
  )
  const size = { length: 100, count: 40 }
  const [short, shortW] = pool.allocate([4000, 4000], 99)
  await expect(
    pool.syncInto({ values: short, ...size }, { values: shortW, ...size }, shortW),
  ).rejects.toThrow(/w\.length: expected at most 99, .* got 100/)
  expect(() => pool.allocate([-1], 3)).toThrow(/lengths\[0\]: .* got -1/)
  await expectCoresBits(pool, 100, 40)
})

/** A thread that is ready at once, and does with a synchronization what it is told to. */
const oddThread = (sync: (job: PoolJob & { kind: 'sync' }) => PoolAnswer): PoolThread => {
  let listener: (answer: PoolAnswer) => void = () => {}
  let isReady = false
  return {
    post: (job) => {
      if (job.kind !== 'sync') return
      const answer = sync(job)
      queueMicrotask(() => listener(answer))
    },
    listen: (onAnswer) => {
      listener = onAnswer
      if (!isReady) queueMicrotask(() => onAnswer({ kind: 'ready' }))
      isReady = true
    },
    end: async () => {},
  }
}
/** A pool of an odd thread, which is asked first, and a real one. */
const poolWith = async (odd: PoolThread): Promise<WasmPool> => {
  const starts = [startThread, () => odd]
  const pool = right(await makePool({ threads: 2 }, () => (starts.pop() as () => PoolThread)())())
  pools.push(pool)
  return pool
}

test('a thread does the parts of one that is held up', async () => {
  const pool = await poolWith(oddThread(() => ({ kind: 'done', foundNaN: false })))
  await expectCoresBits(pool, 576, 130)
})

test('a thread that fails while others wait for it fails the call and later ones, and holds nobody up', async () => {
  const pool = await poolWith(
    oddThread(({ taker }) => {
      // It has taken its part of the weights to be looked at, and does not look.
      taker.counts[2 + taker.thread] = 100
      return { kind: 'failed', reason: 'out of memory' }
    }),
  )
  const { sorted, w, out } = drawn(pool, 576, 330)
  const before = bitsOf(out).slice()
  const sentence = 'A thread of the pool failed: out of memory. Close the pool and make another.'
  await expect(pool.syncInto(sorted, w, out)).rejects.toThrow(sentence)
  expect(firstDifference(bitsOf(out), before)).toBeNull()
  await expect(pool.syncInto(sorted, w, out)).rejects.toThrow(sentence)
})

test('a thread that has ended is found out', async () => {
  const thread = startThread()
  await new Promise((resolve) => thread.listen(resolve))
  await thread.end()
  expect(await new Promise((resolve) => thread.listen(resolve))).toMatchObject({ kind: 'failed' })
})

test('a closed pool says so', async () => {
  const pool = await poolOf(1)
  const { sorted, w, out } = drawn(pool, 10, 10)
  await pool.close()
  await expect(pool.syncInto(sorted, w, out)).rejects.toThrow('The pool is closed.')
})

test('threads must be a positive integer', () => {
  expect(() => makeWasmPool({ threads: 0 })).toThrow(/threads: expected a positive integer, got 0/)
})

test('without shared memory one thread works, and the pool says so', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined)
  try {
    const pool = right(await makeWasmPool({ threads: 4 })())
    expect(pool.threads).toBe(1)
    expect(pool.note).toMatch(/Shared memory is unavailable .*: one thread works/)
    await expectCoresBits(pool, 300, 20)
  } finally {
    vi.unstubAllGlobals()
  }
})
