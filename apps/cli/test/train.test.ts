import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { decodeSafetensors } from '@laperm/formats'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'

const small = '--dataset digits --limit 500 --batch-size 50 --epochs 2 --threads 1'.split(' ')

const jsonLines = (path: string): readonly Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('laperm train', () => {
  test('prints one JSON object and nothing else, and proves the permutation', async () => {
    const directory = makeDirectory()
    const { code, stdout } = await laperm(
      ['train', 'mlp', ...small, '--sync-period', '4', '--seed', '3', '--json'],
      directory,
    )
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n').length).toBe(1)
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({
      status: 'finished',
      model: 'mlp',
      dataset: 'digits',
      engine: 'onnx',
      optimizer: 'laperm',
      syncPeriod: 4,
      seed: 3,
      epochs: 2,
      steps: 20,
      synchronizations: 5,
      weightVectors: 210,
      permutedVectors: 210,
      isPermutation: true,
      weights: 89_400,
    })
    expect(summary.movedWeights).toBeGreaterThan(1000)
    expect(summary.testAccuracy).toBeGreaterThan(0.15)
    expect(summary.bestTestAccuracy).toBeGreaterThanOrEqual(summary.testAccuracy)
    expect(summary.trainSeconds).toBeGreaterThan(0)
    expect(summary.peakMemoryBytes).toBeGreaterThan(50e6)
    expect(summary.stepMemoryBytes).toBeGreaterThan(1e6)
    expect(summary.stepMemoryBytes).toBeLessThan(summary.peakMemoryBytes)
    const { check, ...saved } = JSON.parse(readFileSync(join(summary.runDirectory, 'summary.json'), 'utf8'))
    expect(saved).toEqual(summary)
    expect(check).toMatch(/^[0-9a-f]{16}$/)
  })

  test('leaves a run directory that says everything', async () => {
    const directory = makeDirectory()
    const { code, stdout } = await laperm(['train', 'mlp', ...small, '--quiet'], directory)
    expect(code).toBe(0)
    const [name] = readdirSync(join(directory, 'runs'))
    expect(name).toMatch(/^mlp-digits-laperm-k20-s1-[0-9a-f]{6}$/)
    const run = join(directory, 'runs', name ?? '')
    expect(readdirSync(run).sort()).toEqual([
      '.lock-1.json',
      'best.safetensors',
      'config.json',
      'last.safetensors',
      'metrics.jsonl',
      'summary.json',
    ])
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    expect(config.experiment).toMatchObject({
      model: 'mlp',
      limit: 500,
      innerOptimizer: { kind: 'adam', epsilon: 1e-7 },
    })
    expect(config.identity.slice(0, 6)).toBe(name?.slice(-6))
    expect(config.commandLine).toBe(`laperm train mlp ${small.join(' ')} --quiet`)
    expect(config.environment).toMatchObject({
      engine: 'onnx',
      device: expect.stringMatching(/onnxruntime/),
      threads: 1,
      bitsDependOnThreads: true,
      bits: { threads: '1', 'onnxruntime-node': expect.stringMatching(/^\d/) },
    })
    expect(config.data.fingerprint.testLabels).toMatch(/^[0-9a-f]{64}$/)
    const metrics = jsonLines(join(run, 'metrics.jsonl'))
    expect(metrics.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 10],
      [2, 20],
    ])
    // k = 20 is the recipe's: no synchronization falls into the first epoch.
    expect(metrics[0]?.test).toBeNull()
    expect(metrics[1]?.test).toMatchObject({ step: 20, epoch: 2 })
    const weights = decodeSafetensors('weights', readFileSync(join(run, 'last.safetensors')))
    expect(E.isRight(weights) && weights.right.tensors.map(({ name: tensor }) => tensor)).toEqual([
      'dense1/kernel',
      'dense1/bias',
      'dense2/kernel',
      'dense2/bias',
      'dense3/kernel',
      'dense3/bias',
    ])
    expect(stdout).toMatch(/mlp on digits \(first 500 training examples\), LaPerm, k = 20, seed 1/)
    expect(stdout).toMatch(
      /proof: each of the 210 weight vectors holds exactly its initial weights, reordered/,
    )
  })

  test('writes a line an epoch where nobody watches a bar, and nothing with --quiet', async () => {
    const directory = makeDirectory()
    const loud = await laperm(['train', 'f1', ...small, '--sync-period', '10'], directory)
    expect(loud.stderr.trimEnd().split('\n').length).toBe(2)
    expect(loud.stderr).toMatch(/epoch 1\/2 {2}loss \d\.\d{4} {2}test \d+\.\d\d% {2}syncs 1/)
    expect(
      (await laperm(['train', 'f1', ...small, '--sync-period', '10', '--again', '--quiet'], directory))
        .stderr,
    ).toBe('')
  })

  test.each([
    ['adam', 0],
    ['sgd', 0],
    ['lookahead', 4],
  ])('trains with %s too, and does not call that a permutation', async (optimizer, synchronizations) => {
    const directory = makeDirectory()
    const { code, stdout } = await laperm(
      ['train', 'mlp', ...small, '--optimizer', optimizer, '--json'],
      directory,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ optimizer, synchronizations, isPermutation: false })
  })

  test('a run that diverges says at which step, keeps good weights, and fails', async () => {
    const directory = makeDirectory()
    const { code, stdout, stderr } = await laperm(
      ['train', 'mlp', ...small, '--inner-optimizer', 'sgd', '--learning-rate', '1e30', '--json'],
      directory,
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/diverged at step \d+.*--learning-rate/)
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ status: 'diverged', isPermutation: true, error: { _tag: 'diverged' } })
    expect(summary.divergedAt).toBeGreaterThan(0)
    const weights = decodeSafetensors('w', readFileSync(join(summary.runDirectory, 'last.safetensors')))
    expect(
      E.isRight(weights) && weights.right.tensors.every(({ values }) => values.every(Number.isFinite)),
    ).toBe(true)
  })

  test('never writes into a directory that is in use', async () => {
    const directory = makeDirectory()
    const out = join(directory, 'mine')
    mkdirSync(out)
    writeFileSync(join(out, 'thesis.txt'), 'precious')
    const { code, stderr } = await laperm(['train', 'f1', ...small, '--out', out], directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(/mine: the directory holds files that are no run/)
    expect(readdirSync(out)).toEqual(['thesis.txt'])
  })

  test('what does not fit leaves no run directory behind', async () => {
    const directory = makeDirectory()
    const batch = await laperm(['train', 'f1', '--dataset', 'digits', '--limit', '90'], directory)
    expect(batch.code).toBe(2)
    expect(batch.stderr).toMatch(/--batch-size is 128, but only 90 training examples are used/)
    const images = await laperm(['train', 'conv4', '--dataset', 'digits', '--limit', '90'], directory)
    expect(images.code).toBe(2)
    expect(images.stderr).toMatch(
      /conv4 takes inputs of \[32, 32, 3\], but those of digits are \[28, 28, 1\]/,
    )
    expect(existsSync(join(directory, 'runs'))).toBe(false)
  })

  test('a data directory that is not there is said, and nothing is downloaded', async () => {
    const directory = makeDirectory()
    const { code, stderr } = await laperm(
      ['train', 'f1', '--dataset', 'mnist', '--data-dir', 'dtaa'],
      directory,
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^laperm: There is no data directory at .*dtaa\. --data-dir or LAPERM_DATA_DIR names it/,
    )
    expect(existsSync(join(directory, 'cache'))).toBe(false)
  })

  test('what this machine or this engine cannot give is said, and what remains is trained', async () => {
    const directory = makeDirectory()
    const words = 'train f1 --dataset digits --limit 100 --batch-size 50 --epochs 1 --quiet'.split(' ')
    const many = await laperm([...words, '--threads', '1000', '--sparsity', '0.9999'], directory)
    expect(many.code).toBe(0)
    expect(many.stderr).toMatch(/this machine runs \d+ threads at a time, so \d+ are used, not 1000/)
    expect(many.stderr).toMatch(/in only 1 of 10 weight vectors initial weights differ/)
    if (availableParallelism() > 1) {
      const wasm = await laperm([...words, '--engine', 'wasm', '--threads', '2'], directory)
      expect(wasm.stderr).toMatch(/engine wasm runs on one thread in Node, so --threads 2 changes nothing/)
    }
  })

  test('a damaged data file is named with what was expected and found', async () => {
    const directory = makeDirectory()
    const data = join(directory, 'data', 'mnist')
    mkdirSync(data, { recursive: true })
    for (const file of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'])
      writeFileSync(join(data, `${file}-ubyte.gz`), 'not a gzip file')
    const { code, stdout, stderr } = await laperm(
      ['train', 'f1', '--dataset', 'mnist', '--json'],
      directory,
      {
        LAPERM_DATA_DIR: join(directory, 'data'),
      },
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/-ubyte\.gz: its sha256 is [0-9a-f]{64}, but the published one is [0-9a-f]{64}/)
    expect(stderr).not.toMatch(/\bat .*\.js:/)
    expect(JSON.parse(stdout).error).toMatchObject({ _tag: 'ChecksumMismatch', exitCode: 1 })
  })
})
