import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf } from '@laperm/runs'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'
import { editSummary } from './run-files.ts'

const words = '--dataset digits --limit 500 --batch-size 50 --epochs 3 --sync-period 6 --threads 1'.split(' ')

test('evaluating a run gives the accuracies that training measured, and the proof from the files alone', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const trained = await laperm(['train', 'mlp', ...words, '--out', run, '--json'], directory)
  const summary = JSON.parse(trained.stdout)
  const best = await laperm(['evaluate', run, '--json'], directory)
  expect(best.code).toBe(0)
  expect(JSON.parse(best.stdout)).toMatchObject({
    model: 'mlp',
    weights: 'best',
    testAccuracy: summary.bestTestAccuracy,
    testExamples: 4000,
    permutedVectors: 210,
    isPermutation: true,
  })
  const last = await laperm(['evaluate', run, '--weights', 'last', '--json'], directory)
  expect(JSON.parse(last.stdout).testAccuracy).toBe(summary.testAccuracy)
  expect(JSON.parse(last.stdout).testLoss).toBeCloseTo(summary.testLoss, 6)

  // Weights of another seed are not those that the summary vouches for.
  const other = await laperm(['train', 'mlp', ...words, '--seed', '2', '--json'], directory)
  const best1 = readFileSync(join(run, 'best.safetensors'))
  const best2 = readFileSync(join(JSON.parse(other.stdout).runDirectory, 'best.safetensors'))
  writeFileSync(join(run, 'best.safetensors'), best2)
  const swapped = await laperm(['evaluate', run], directory)
  expect(swapped.code).toBe(1)
  expect(swapped.stderr).toMatch(/best\.safetensors: expected SHA-256 .*, as summary\.json beside it says/)
  // Of an earlier LaPerm's summary, which vouches for nothing, the proof must find it.
  editSummary(run, {})
  const forged = await laperm(['evaluate', run], directory)
  expect(forged.code).toBe(1)
  expect(forged.stdout).toMatch(/PROOF FAILED: only 0 of 210 weight vectors/)
  expect(forged.stdout).toMatch(/best\.safetensors and the run's config\.json do not belong together/)
  expect(forged.stdout).not.toMatch(/defect of LaPerm/)
  expect(forged.stderr).toMatch(/^laperm: PROOF FAILED: only 0 of 210/m)
  const forgedJson = await laperm(['evaluate', run, '--json'], directory)
  expect(forgedJson).toMatchObject({ code: 1, stderr: forged.stderr })
  expect(JSON.parse(forgedJson.stdout)).toMatchObject({
    isPermutation: false,
    error: { _tag: 'NoPermutation', message: expect.stringMatching(/^PROOF FAILED: only 0 of 210/) },
  })
  writeFileSync(join(run, 'best.safetensors'), best1)

  const path = join(run, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...config, experiment: { ...config.experiment, seed: 2 } }))
  const edited = await laperm(['evaluate', run], directory)
  expect(edited.code).toBe(1)
  expect(edited.stderr).toMatch(/config\.json: its identity is .*: the file was edited/)

  writeFileSync(path, JSON.stringify({ ...config, experiment: { ...config.experiment, epochs: 0 } }))
  const broken = await laperm(['evaluate', run, '--json'], directory)
  expect(broken.code).not.toBe(0)
  expect(JSON.parse(broken.stdout).error.message).toMatch(/epochs is 0/)

  // Of a LaPerm that knows more engines.
  const experiment = { ...config.experiment, engine: 'onxx' }
  const { bits } = config.environment
  const identity = identityOf({ experiment, data: config.data.fingerprint, bits })
  writeFileSync(path, JSON.stringify({ ...config, experiment, identity }))
  const unknown = await laperm(['evaluate', run], directory)
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toMatch(/no engine called 'onxx'. Did you mean 'onnx'/)
  expect((await laperm(['evaluate', run, '--engine', 'onnx'], directory)).code).toBe(0)

  writeFileSync(path, JSON.stringify(config))
  const weights = readFileSync(join(run, 'best.safetensors'))
  writeFileSync(join(run, 'best.safetensors'), weights.subarray(0, weights.length - 4))
  const cut = await laperm(['evaluate', run], directory)
  expect(cut.code).toBe(1)
  expect(cut.stderr).toMatch(/best\.safetensors: expected .* found/)
})

test('a run that looked at a few test examples is evaluated on all of them', async () => {
  const directory = makeDirectory()
  const trained = await laperm(['train', 'mlp', ...words, '--test-limit', '7', '--json'], directory)
  const { testAccuracy, runDirectory } = JSON.parse(trained.stdout)
  expect(Math.abs(testAccuracy * 7 - Math.round(testAccuracy * 7))).toBeLessThan(1e-6)
  expect(JSON.parse(readFileSync(join(runDirectory, 'config.json'), 'utf8')).experiment.testLimit).toBe(7)
  const { stdout } = await laperm(['evaluate', runDirectory, '--json'], directory)
  expect(JSON.parse(stdout).testExamples).toBe(4000)
})

test('what is no run is said to be none', async () => {
  const directory = makeDirectory()
  const { code, stderr } = await laperm(['evaluate', 'nowhere'], directory)
  expect(code).toBe(1)
  expect(stderr).toMatch(/nowhere\/config\.json: there is no such file/)
})
