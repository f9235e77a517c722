import { coreBackend, DivergedError, makeRankingMonitor } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { makeWasmBackend } from '../src/wasm-backend.ts'
import { wasmBackendForTests } from './wasm-instance.ts'

const backend = await wasmBackendForTests()
const { wasmSync } = backend
const vectors = (length: number, count: number, value: (p: number) => number) => ({
  values: Float32Array.from({ length: length * count }, (_, p) => value(p)),
  length,
  count,
})

describe('NaN', () => {
  test.each([
    [20, 12],
    [300, 40],
    [1152, 400],
    [70_000, 2],
  ])('is reported by vector and index before anything is written, at %i x %i', (length, count) => {
    const w = vectors(length, count, (p) => Math.sin(p))
    const sorted = vectors(length, count, (p) => Math.floor(p / count))
    const at = (length - 2) * count + (count - 1)
    w.values[at] = Number.NaN
    const before = w.values.slice()
    const place = { vector: count - 1, index: length - 2 }
    expect(() => wasmSync.syncInto(sorted, w, w.values)).toThrow(DivergedError)
    expect(() => wasmSync.syncInto(sorted, w, w.values)).toThrow(
      expect.objectContaining({ diverged: expect.objectContaining(place) }),
    )
    expect(w.values).toEqual(before)
    const ranks = new Uint32Array(w.values.length).fill(5)
    expect(() => wasmSync.rankInto(w, ranks)).toThrow(
      expect.objectContaining({ diverged: expect.objectContaining(place) }),
    )
    expect(ranks.every((rank) => rank === 5)).toBe(true)
    expect(() => wasmSync.sortInto(w, w.values)).toThrow(
      expect.objectContaining({ diverged: expect.objectContaining(place) }),
    )
    expect(w.values).toEqual(before)
  })

  test('is not seen in infinities of both signs', () => {
    const w = vectors(64, 3, (p) => (p % 2 === 0 ? Infinity : -Infinity))
    expect(() => wasmSync.syncInto(w, w, new Float32Array(64 * 3))).not.toThrow()
  })
})

describe('buffers are checked before anything is written', () => {
  const w = vectors(60, 4, (p) => p)
  test.each([
    [
      'an output too short',
      () => wasmSync.syncInto(w, w, new Float32Array(239)),
      /out: expected 60 \* 4 = 240 elements/,
    ],
    ['ranks too short', () => wasmSync.rankInto(w, new Uint32Array(3)), /outRanks: expected 60 \* 4/],
    [
      'a size that is none',
      () => wasmSync.sortInto({ ...w, length: -60 }, w.values),
      /w\.length: .* got -60/,
    ],
    [
      'other sizes',
      () =>
        wasmSync.syncInto(
          vectors(4, 60, () => 0),
          w,
          w.values,
        ),
      /w: expected \[4, 60\]/,
    ],
    [
      'theta_sorted as output',
      () => wasmSync.syncInto(w, { ...w, values: w.values.slice() }, w.values),
      /memory that sorted/,
    ],
    [
      'an output that overlaps in part',
      () => {
        const memory = new Float32Array(241)
        wasmSync.sortInto({ ...w, values: memory.subarray(0, 240) }, memory.subarray(1))
      },
      /memory that w does not use/,
    ],
  ])('%s', (_name, act, message) => {
    expect(act).toThrow(RangeError)
    expect(act).toThrow(message)
    expect(w.values).toEqual(vectors(60, 4, (p) => p).values)
  })

  test('nothing to do is nothing done', () => {
    for (const [length, count] of [
      [0, 0],
      [0, 5],
      [5, 0],
    ])
      expect(() =>
        wasmSync.syncInto(
          vectors(length, count, Number),
          vectors(length, count, Number),
          new Float32Array(0),
        ),
      ).not.toThrow()
  })
})

test('memory stays within 64 bytes a weight of the longest vector and a kilobyte, in whole pages', async () => {
  const fresh = (await wasmBackendForTests()).wasmSync
  const most = (longest: number) => 65536 * Math.ceil((64 * longest + 1024) / 65536)
  const use = (length: number, count: number) => {
    const w = vectors(length, count, (p) => (p * 7919) % 1009)
    fresh.syncInto(w, w, new Float32Array(w.values.length))
    return fresh.memoryBytes()
  }
  expect(use(9, 20_000)).toBe(most(9))
  expect(use(144, 8000)).toBe(most(144))
  expect(use(1001, 100)).toBe(most(1001))
  expect(use(4608, 300)).toBe(most(4608))
  // Longer vectors have been: their memory is used for shorter ones as well.
  expect(use(288, 3000)).toBe(most(4608))
  expect(use(60_001, 20)).toBe(most(60_001))
})

test('memory that is given from the beginning is used, and changes no bit', async () => {
  const generous = await wasmBackendForTests({ memoryBytes: 2 ** 20 })
  expect(generous.wasmSync.memoryBytes()).toBe(2 ** 20)
  for (const [length, count] of [
    [9, 20_000],
    [144, 333],
    [784, 100],
    [5000, 30],
  ]) {
    const w = vectors(length, count, (p) => Math.sin(p * 7919))
    const sorted = vectors(length, count, (p) => Math.floor(p / count))
    const [own, others] = [generous.wasmSync, wasmSync].map(({ syncInto }) => {
      const out = new Float32Array(w.values.length)
      syncInto(sorted, w, out)
      return bitsOf(out)
    })
    expect(firstDifference(own, others)).toBeNull()
  }
  expect(generous.wasmSync.memoryBytes()).toBe(2 ** 20)
  for (const memoryBytes of [-1, 0.5, 2 ** 20 + 1])
    expect(() => makeWasmBackend({ memoryBytes })).toThrow(
      new RegExp(`memoryBytes: expected an integer from 0 to 1048576, got ${memoryBytes}`),
    )
})

describe("arrays in the kernel's memory", () => {
  const size = { length: 30, count: 20 }
  const allocated = () => {
    const [sorted, w, out] = wasmSync.allocate([600, 600, 600], 30).map((values) => ({ ...size, values }))
    sorted.values.set(vectors(30, 20, (p) => Math.floor(p / 20)).values)
    w.values.set(vectors(30, 20, (p) => Math.sin(p)).values)
    return { sorted, w, out: out.values }
  }
  const elsewhere = ({ values, ...size }: { values: Float32Array; length: number; count: number }) => ({
    ...size,
    values: values.slice(),
  })
  const expected = () => {
    const { sorted, w } = allocated()
    const out = new Float32Array(600)
    wasmSync.syncInto(elsewhere(sorted), elsewhere(w), out)
    return out
  }

  test('are zeros, each at a cache line of one memory', () => {
    const arrays = wasmSync.allocate([3, 0, 17], 5)
    expect(arrays.map((array) => [...array])).toEqual([[0, 0, 0], [], new Array(17).fill(0)])
    expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBe(1)
    expect(arrays.every(({ byteOffset }) => byteOffset % 64 === 0)).toBe(true)
  })

  test('are not copied: the kernel needs no memory for them', async () => {
    const fresh = (await wasmBackendForTests()).wasmSync
    const before = fresh.memoryBytes()
    const length = 60_000
    const [sorted, w] = fresh.allocate([2 * length, 2 * length], length)
    w.forEach((_, p) => {
      w[p] = -p
      sorted[p] = p
    })
    fresh.syncInto({ values: sorted, length, count: 2 }, { values: w, length, count: 2 }, w)
    expect(w[0]).toBe(2 * length - 2)
    expect(fresh.memoryBytes()).toBe(before)
  })

  test('NaN is reported by vector and index before anything is written', () => {
    const { sorted, w, out } = allocated()
    w.values[25 * 20 + 19] = Number.NaN
    const before = w.values.slice()
    const place = { vector: 19, index: 25 }
    expect(() => wasmSync.syncInto(sorted, w, w.values)).toThrow(
      expect.objectContaining({ diverged: expect.objectContaining(place) }),
    )
    expect(() => wasmSync.syncInto(sorted, w, out)).toThrow(
      expect.objectContaining({ diverged: expect.objectContaining(place) }),
    )
    expect(w.values).toEqual(before)
    expect(out.every((value) => value === 0)).toBe(true)
  })

  test.each([
    ['theta_sorted', (a: ReturnType<typeof allocated>) => ({ ...a, sorted: elsewhere(a.sorted) })],
    ['weights', (a: ReturnType<typeof allocated>) => ({ ...a, w: elsewhere(a.w) })],
    ['the result', (a: ReturnType<typeof allocated>) => ({ ...a, out: new Float32Array(600) })],
    [
      'the result, in another such memory',
      (a: ReturnType<typeof allocated>) => ({ ...a, out: allocated().out }),
    ],
  ])('may be mixed with others: %s elsewhere', (_name, elsewhere) => {
    const { sorted, w, out } = elsewhere(allocated())
    wasmSync.syncInto(sorted, w, out)
    expect(out).toEqual(expected())
  })

  test('take vectors longer than was said', () => {
    const [sorted, w, out] = wasmSync.allocate([600, 600, 600], 29).map((values) => ({ ...size, values }))
    const whole = allocated()
    sorted.values.set(whole.sorted.values)
    w.values.set(whole.w.values)
    wasmSync.syncInto(sorted, w, out.values)
    expect(out.values).toEqual(expected())
  })

  test.each([
    [[3, -1], 3, /lengths\[1\]: expected a non-negative integer, got -1/],
    [[1.5], 3, /lengths\[0\]: .* got 1\.5/],
    [[3], Number.NaN, /longestVector: .* got NaN/],
    [[2 ** 30], 3, /do not fit the 4 GiB/],
    [[2 ** 53 - 2, 2 ** 53 - 2], 3, /do not fit the 4 GiB/],
  ])('of lengths %j for vectors of %d are refused', (lengths, longest, message) => {
    expect(() => wasmSync.allocate(lengths, longest)).toThrow(RangeError)
    expect(() => wasmSync.allocate(lengths, longest)).toThrow(message)
  })
})

test("the backend's permute is core's, and its banks are copies", async () => {
  const w = vectors(3, 1, (p) => [0.5, 0.1, 0.2][p])
  const bank = backend.upload(w)
  w.values[0] = 9
  expect((await backend.download(bank)).values[0]).toBe(0.5)
  const ranks = backend.rank(bank)
  expect([...(await backend.download(ranks)).values]).toEqual([2, 0, 1])
  expect(backend.permute).toBe(coreBackend.permute)
})

test("core's ranking monitor sees the same distances with the kernel's ranks", () => {
  const size = { length: 150, count: 6 }
  const byKernel = makeRankingMonitor(size, 'w', wasmSync.rankInto)
  const byCore = makeRankingMonitor(size, 'w')
  for (let step = 0; step < 4; step++) {
    const w = vectors(150, 6, (p) => Math.sin(p * 1.7) + 0.1 * Math.sin(p * step))
    const seen = byKernel.observe(w)
    expect(seen).toEqual(byCore.observe(w))
    if (step > 0) expect(seen).toMatchObject({ _tag: 'Right', right: { length: 150 } })
  }
  const w = vectors(150, 6, (p) => (p === 20 ? Number.NaN : p))
  expect(byKernel.observe(w)).toMatchObject({ _tag: 'Left', left: { _tag: 'Diverged', vector: 2, index: 3 } })
})
