/** Small inputs of every kind that the command line reads, whole, for fuzzers to damage. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Random } from '@laperm/core'
import { parseStrictJson } from '@laperm/formats'
import { runFiles } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { expect } from 'vitest'
import { npyOf } from '../../../test/array-writers.ts'
import { damageBytes, damageJson } from '../../../test/mutations.ts'
import { tarOf } from '../../../test/tar-writer.ts'
import { type Captured, runCaptured } from './captured-cli.ts'

/** One file that a command reads. */
export interface Input {
  readonly name: string
  /** Where the damaged bytes go. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly damage: (bytes: Uint8Array, random: Random) => Uint8Array
  /** The words of the command; it may write into `out`, a new directory a round. */
  readonly words: (out: string) => readonly string[]
  /** Bring back what the last round has changed. */
  readonly restore: () => void
  /** Fails unless a command that ended well has done what the original would have, or the damaged file is a whole one all the same. */
  readonly expectSound: (out: string, ended: Captured, damaged: Uint8Array) => void
}

const pixels = (count: number, size: number): Uint8Array =>
  Uint8Array.from({ length: count * size }, (_, i) =>
    Math.floor(i / size) % 3 === i % 3 ? 255 : (i * 7) % 50,
  )
const labels = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i % 3)

const networkOf = (inputShape: readonly number[], classes: number) =>
  Buffer.from(
    JSON.stringify({
      name: 'small',
      inputShape,
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: 4 },
        { kind: 'relu' },
        { kind: 'dense', units: classes },
        { kind: 'softmax' },
      ],
    }),
  )

const smallRun = '--batch-size 10 --epochs 2 --sync-period 2 --engine wasm --threads 1 --offline'.split(' ')

/** An array of an own data set is whole when its header is one and its bytes are as many as the shape says. */
const expectWholeNpy = (bytes: Uint8Array): void => {
  const text = Buffer.from(bytes).toString('latin1')
  const end = text.indexOf('\n') + 1
  const [, size = '', shape = ''] =
    /^.NUMPY.*'descr': '[<>|]?[uif](\d)'.*'shape': \(([\d, ]*)\)/s.exec(text.slice(0, end)) ?? []
  const count = shape
    .split(',')
    .filter((axis) => axis.trim() !== '')
    .reduce((product, axis) => product * Number(axis), 1)
  expect(bytes.length - end).toBe(count * Number(size))
}

const tarOfCifar = (): Uint8Array => {
  const batch = (first: number): Uint8Array =>
    Uint8Array.from({ length: 4 * 3073 }, (_, i) => (i % 3073 === 0 ? first + Math.floor(i / 3073) : i & 255))
  return tarOf(
    [...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}`), 'test_batch'].map((name, i) => ({
      path: `cifar-10-batches-bin/${name}.bin`,
      bytes: batch(i),
    })),
  )
}

const results = [runFiles.metrics, runFiles.last, runFiles.best]
const expectSameResults = (run: string, original: string): void => {
  for (const file of results)
    expect(readFileSync(join(run, file)).equals(readFileSync(join(original, file))), file).toBe(true)
}

const train = async (words: readonly string[], stopAt?: RegExp): Promise<void> => {
  const { code, err } = await runCaptured(['train', ...words], stopAt)
  expect(code, err).toBe(stopAt === undefined ? 0 : 130)
}

/** Make every input below a directory, and what the originals give. */
export const makeInputs = async (directory: string): Promise<readonly Input[]> => {
  const at = (...parts: readonly string[]): string => join(directory, ...parts)
  const nothing = (): void => undefined
  const network = networkOf([4, 4, 1], 3)
  writeFileSync(at('network.json'), network)
  const arrays = {
    x_train: npyOf('|u1', [20, 4, 4], pixels(20, 16)),
    y_train: npyOf('|u1', [20], labels(20)),
    x_test: npyOf('|u1', [10, 4, 4], pixels(10, 16)),
    y_test: npyOf('|u1', [10], labels(10)),
  }
  mkdirSync(at('data'))
  for (const [name, bytes] of Object.entries(arrays)) writeFileSync(at('data', `${name}.npy`), bytes)
  const base = [at('network.json'), '--dataset', at('data'), ...smallRun]
  await train([...base, '--out', at('finished')])
  await train([...base, '--checkpoint-seconds', '0', '--out', at('interrupted')], /^epoch 1/)
  const evaluated = await runCaptured(['evaluate', at('finished'), '--json'])
  const original = JSON.parse(evaluated.out)

  const evaluation = (file: 'config' | 'best', damage: Input['damage']): Input => ({
    name: `evaluate, ${runFiles[file]}`,
    path: at('evaluated', runFiles[file]),
    bytes: readFileSync(at('finished', runFiles[file])),
    damage,
    words: () => ['evaluate', at('evaluated'), '--json'],
    restore: () => cpSync(at('finished'), at('evaluated'), { recursive: true }),
    expectSound: (_, { out }) => {
      const { testAccuracy, testLoss, permutedVectors, isPermutation } = JSON.parse(out)
      expect({ testAccuracy, permutedVectors, isPermutation }).toEqual({
        testAccuracy: original.testAccuracy,
        permutedVectors: original.permutedVectors,
        isPermutation: true,
      })
      expect(testLoss).toBeCloseTo(original.testLoss, 5)
    },
  })
  const look = async (
    file: 'metrics' | 'summary',
    command: readonly string[],
    sameAs: (first: string, out: string) => boolean,
  ): Promise<Input> => {
    const words = () => ['runs', ...command, at('looked-at')]
    const restore = () => cpSync(at('finished'), at('looked-at'), { recursive: true })
    restore()
    const { out: first } = await runCaptured(words())
    return {
      name: `runs ${command[0]}, ${runFiles[file]}`,
      path: at('looked-at', runFiles[file]),
      bytes: readFileSync(at('finished', runFiles[file])),
      damage: damageJson,
      words,
      restore,
      expectSound: (_, { out }) => expect(sameAs(first, out), out).toBe(true),
    }
  }
  const resultsOf = (out: string): string => {
    const { summary, epochs } = JSON.parse(out)
    return JSON.stringify([summary, epochs])
  }
  const resumption = (file: keyof typeof runFiles): Input => ({
    name: `train --resume, ${runFiles[file]}`,
    path: at('resumed', runFiles[file]),
    bytes: readFileSync(at('interrupted', runFiles[file])),
    damage: runFiles[file].endsWith('.safetensors') ? damageBytes : damageJson,
    words: () => ['train', '--resume', at('resumed')],
    restore: () => {
      rmSync(at('resumed'), { recursive: true, force: true })
      cpSync(at('interrupted'), at('resumed'), { recursive: true })
    },
    expectSound: () => expectSameResults(at('resumed'), at('finished')),
  })
  const ownNetwork: Input = {
    name: 'train, a network of JSON',
    path: at('damaged.json'),
    bytes: network,
    damage: damageJson,
    words: (out) => ['train', at('damaged.json'), '--dataset', at('data'), ...smallRun, '--out', out],
    restore: nothing,
    expectSound: (out, _, damaged) => {
      const text = Buffer.from(damaged).toString()
      const config = JSON.parse(readFileSync(join(out, runFiles.config), 'utf8'))
      expect(E.isRight(parseStrictJson(text, 64)), 'each key once').toBe(true)
      expect(config.experiment.model).toMatchObject(JSON.parse(text))
    },
  }
  const ownArray = (name: keyof typeof arrays): Input => ({
    name: `train, ${name}.npy`,
    path: at('own', `${name}.npy`),
    bytes: arrays[name],
    damage: damageBytes,
    words: (out) => ['train', at('network.json'), '--dataset', at('own'), ...smallRun, '--out', out],
    restore: () => cpSync(at('data'), at('own'), { recursive: true }),
    expectSound: (_out, _ended, damaged) => expectWholeNpy(damaged),
  })

  // Numpy's own files: 2x2 images.
  const numpy = fileURLToPath(new URL('../../../test/fixtures/numpy/', import.meta.url))
  writeFileSync(at('network2.json'), networkOf([2, 2, 1], 3))
  const npzRun = (path: string, out: string) => [
    ...[at('network2.json'), '--dataset', path, ...smallRun, '--batch-size', '3', '--out', out],
  ]
  const archive = async (file: string): Promise<Input> => {
    await train(npzRun(join(numpy, file), at(file)))
    return {
      name: `train, ${file}`,
      path: at(`damaged-${file}`),
      bytes: readFileSync(join(numpy, file)),
      damage: damageBytes,
      words: (out) => ['train', ...npzRun(at(`damaged-${file}`), out)],
      restore: nothing,
      // Every member has a CRC.
      expectSound: (out) => expectSameResults(out, at(file)),
    }
  }

  mkdirSync(at('cifar'))
  writeFileSync(at('network3.json'), networkOf([32, 32, 3], 10))
  const tar = tarOfCifar()
  const cifarRun = (out: string) => [
    ...[at('network3.json'), '--dataset', 'cifar10', '--data-dir', at('cifar'), '--accept-checksum'],
    ...[...smallRun, '--no-augment', '--out', out],
  ]
  writeFileSync(at('cifar', 'cifar-10-binary.tar.gz'), gzipSync(tar))
  await train(cifarRun(at('cifar-run')))
  const cifar = (packed: boolean): Input => ({
    name: `train, ${packed ? 'cifar-10-binary.tar.gz' : 'the tar in cifar-10-binary.tar.gz'}`,
    path: at('cifar', 'cifar-10-binary.tar.gz'),
    bytes: gzipSync(tar),
    damage: (bytes, random) =>
      packed ? damageBytes(bytes, random) : gzipSync(damageBytes(gunzipSync(bytes), random)),
    words: (out) => ['train', ...cifarRun(out)],
    restore: nothing,
    // gzip has a CRC; the bytes of a member have none of their own.
    expectSound: (out) => {
      if (packed) expectSameResults(out, at('cifar-run'))
    },
  })
  return [
    evaluation('config', damageJson),
    evaluation('best', damageBytes),
    await look('metrics', ['export'], (one, other) => one === other),
    // What is shown of a run that cannot be read for what it was says so.
    await look(
      'summary',
      ['show', '--json'],
      (one, other) => JSON.parse(other).status === 'damaged' || resultsOf(one) === resultsOf(other),
    ),
    ...(['config', 'metrics', 'summary', 'checkpoint', 'last', 'best'] as const).map(resumption),
    ownNetwork,
    ownArray('x_train'),
    ownArray('y_train'),
    await archive('stored.npz'),
    await archive('deflated.npz'),
    cifar(true),
    cifar(false),
  ]
}
