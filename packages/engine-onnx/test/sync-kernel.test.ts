import { afterEach, expect, test, vi } from 'vitest'
import { loadSyncKernel } from '../src/runtime/sync-kernel.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const synchronize = async () => {
  const { kernel, describe } = await loadSyncKernel()
  const [w, sorted, out] = kernel.allocate([3, 3, 3], 3)
  w.set([5, -1, 2])
  sorted.set([10, 20, 30])
  const size = { length: 3, count: 1 }
  kernel.syncInto({ values: sorted, ...size }, { values: w, ...size }, out)
  return { describe, out: [...out] }
}

test('WebAssembly synchronizes, and where it is switched off core does, which is said', async () => {
  expect(await synchronize()).toEqual({ describe: 'synchronized by WebAssembly SIMD', out: [30, 10, 20] })
  vi.stubGlobal('WebAssembly', undefined)
  expect(await synchronize()).toEqual({
    describe: 'synchronized by JavaScript, the reference (this JavaScript engine has no WebAssembly)',
    out: [30, 10, 20],
  })
})
