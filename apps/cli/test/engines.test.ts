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

test('a run of one engine is evaluated on another', async () => {
  const directory = makeDirectory()
  const words = 'train mlp --epochs 1 --limit 500 --sync-period 5 --threads 1 --engine onnx --out run --json'
  const trained = JSON.parse((await laperm(words.split(' '), directory)).stdout)
  const { code, stdout, stderr } = await laperm(['evaluate', 'run', '--engine', 'wasm', '--json'], directory)
  expect(code, stderr).toBe(0)
  const evaluated = JSON.parse(stdout)
  expect(evaluated).toMatchObject({ engine: 'wasm', isPermutation: true, testExamples: 4000 })
  // The same weights: rounding may move an example or two of 4,000 from one class to another.
  expect(Math.abs(evaluated.testAccuracy - trained.bestTestAccuracy)).toBeLessThan(0.001)
})

test('a run that is shorter than k says that it is synchronized once only', async () => {
  const words = 'train f1 --limit 200 --batch-size 50 --epochs 1 --sync-period 5 --threads 1'.split(' ')
  const short = await laperm(words, makeDirectory())
  expect(short.stderr).toMatch(
    /^warning: the run has 4 steps, fewer than k = 5; weights are synchronized once only/m,
  )
  expect(short.stdout).toMatch(/1 synchronization \(the last one because the run ended\)/)
  const enough = await laperm([...words, '--sync-period', '4'], makeDirectory())
  expect(enough.stderr).not.toMatch(/warning/)
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
