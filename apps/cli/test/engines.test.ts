import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'

const summaryOf = async (engine: string) => {
  const words = ['train', 'mlp', '--epochs', '1', '--limit', '500', '--sync-period', '5', '--threads', '1']
  const { code, stdout, stderr } = await laperm(
    [...words, '--engine', engine, '--json', '--quiet'],
    makeDirectory(),
  )
  return { code, stderr, summary: JSON.parse(stdout) }
}

test('another engine trains the same network from the same seed', async () => {
  const [onnx, wasm] = [await summaryOf('onnx'), await summaryOf('wasm')]
  expect(wasm.code, wasm.stderr).toBe(0)
  expect(wasm.summary).toMatchObject({ engine: 'wasm', isPermutation: true, steps: onnx.summary.steps })
  // Rounding differs, and a ranking may by two neighbours: the last accuracy on 4,000 images by less than a percent.
  expect(Math.abs(wasm.summary.testAccuracy - onnx.summary.testAccuracy)).toBeLessThan(0.01)
  expect(onnx.summary.testAccuracy).toBeGreaterThan(0.15)
})

test('an engine that cannot run here says what is missing, and no other takes its place', async () => {
  const { code, summary } = await summaryOf('cuda')
  // A machine with CUDA trains on it.
  if (code === 0) return expect(summary.engine).toBe('cuda')
  expect(code).toBe(1)
  expect(summary.error).toMatchObject({
    _tag: 'EngineUnavailable',
    engine: 'cuda',
    reason: expect.stringMatching(/\w{5}/),
  })
})
