/**
 * Damaged files of every format that is read: each must be refused as a `DataProblem`, or be well-formed all the same; nothing else may be thrown,
 * hang or allocate much. Short here; `npm run test:fuzz` draws many more.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { makeRandom } from '@laperm/core'
import { afterAll, describe, expect, it } from 'vitest'
import { idxOf, npyOf } from '../../../test/array-writers.ts'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes } from '../../../test/mutations.ts'
import { tarOf } from '../../../test/tar-writer.ts'
import { DataProblem } from '../src/data-problem.ts'
import { cifar10 } from '../src/datasets/cifar10.ts'
import { cifarRecordBytes, parseCifarBatches } from '../src/formats/cifar.ts'
import { gunzipStream } from '../src/formats/gunzip-stream.ts'
import { parseIdxImages, parseIdxLabels } from '../src/formats/idx.ts'
import { parseIdxArray } from '../src/formats/idx-array.ts'
import { parseNpy } from '../src/formats/npy.ts'
import { inputsOfArray, labelsOfArray, type NumberArray, numbersIn } from '../src/formats/number-array.ts'
import { readTar } from '../src/formats/tar.ts'
import { gunzipBounded, gunzippedFile } from '../src/node/gunzip.ts'
import { readNpz } from '../src/node/read-npz.ts'

const rounds = fuzzRounds(300)
const mostBytes = 64 * 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'laperm-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Format {
  readonly name: string
  readonly bytes: Uint8Array
  /** Read it, and throw `Error` where what was accepted is not well-formed, or, where a check value protects it, not the original. */
  readonly read: (bytes: Uint8Array) => unknown
}

const requireSame = (found: Uint8Array, original: Uint8Array): void => {
  if (Buffer.compare(found, original) !== 0) throw new Error('other bytes than the original were accepted')
}
const requireWhole = (array: NumberArray): void => {
  if (array.bytes.length !== numbersIn(array.shape) * array.type.sizeBytes)
    throw new Error('an array was accepted whose bytes do not fit its shape')
  for (const decode of [inputsOfArray, labelsOfArray])
    try {
      decode(array)
    } catch (error) {
      if (!(error instanceof DataProblem)) throw error
    }
}
const onDisk = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}
const inPieces = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700)
}

const content = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) & 255)
const npy = npyOf(
  '<f4',
  [3, 4],
  Float32Array.from({ length: 12 }, (_, i) => i / 3),
)
const member = 'cifar-10-batches-bin/test_batch.bin'
const recordBytes = cifarRecordBytes(cifar10)
const cifar = Uint8Array.from({ length: 2 * recordBytes }, (_, i) => (i % recordBytes === 0 ? 7 : i & 255))
const npz = (file: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../../test/fixtures/numpy/${file}`, import.meta.url)))
const npzNumbers = Uint8Array.from({ length: 12 }, (_, i) => 20 * i)

const readNpzBytes = async (bytes: Uint8Array): Promise<void> => {
  const arrays = await readNpz(onDisk('a.npz', bytes), ['x_train', 'y_train'], mostBytes, undefined)
  const x = arrays.get('x_train')
  if (x !== undefined) requireSame(x.bytes, npzNumbers)
}

const formats: readonly Format[] = [
  { name: 'npy', bytes: npy, read: (bytes) => requireWhole(parseNpy('a', bytes)) },
  {
    name: 'npy of labels',
    bytes: npyOf('<i8', [4, 1], BigInt64Array.of(0n, 1n, 2n, 3n)),
    read: (bytes) => requireWhole(parseNpy('a', bytes)),
  },
  { name: 'npz, stored', bytes: npz('stored.npz'), read: readNpzBytes },
  { name: 'npz, deflated', bytes: npz('deflated.npz'), read: readNpzBytes },
  {
    name: 'idx of any type',
    bytes: idxOf(0x0d, [2, 3], new Uint8Array(24)),
    read: (bytes) => requireWhole(parseIdxArray('a', bytes)),
  },
  {
    name: "idx, MNIST's images",
    bytes: idxOf(0x08, [3, 28, 28], content.subarray(0, 3 * 784)),
    read: (bytes) => {
      const { images, count } = parseIdxImages('a', bytes, [28, 28], 60_000)
      if (images.length !== count * 784) throw new Error('images do not fit their number')
    },
  },
  {
    name: "idx, MNIST's labels",
    bytes: idxOf(0x08, [9], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)),
    read: (bytes) => {
      if (parseIdxLabels('a', bytes, 10, 60_000).some((label) => label > 9)) throw new Error('no label')
    },
  },
  {
    name: 'gz, at once',
    bytes: gzipSync(content),
    read: async (bytes) => requireSame(await gunzipBounded('a', bytes, mostBytes), content),
  },
  {
    name: "gz, by the page's stream",
    bytes: gzipSync(content),
    read: async (bytes) => requireSame(await gunzipStream('a', bytes, mostBytes), content),
  },
  {
    name: 'gz, from a file',
    bytes: gzipSync(content),
    read: async (bytes) => {
      const pieces: Uint8Array[] = []
      for await (const piece of gunzippedFile(onDisk('a.gz', bytes), undefined)) pieces.push(piece)
      requireSame(Buffer.concat(pieces), content)
    },
  },
  {
    name: 'tar',
    bytes: tarOf([
      { path: 'folder/', type: '5', bytes: '' },
      { path: member, bytes: content },
    ]),
    read: async (bytes) => {
      const open = (path: string, sizeBytes: number): Uint8Array | undefined =>
        path === member && sizeBytes < mostBytes ? new Uint8Array(sizeBytes) : undefined
      await readTar('a', inPieces(bytes), open, 1e6)
    },
  },
  {
    name: "cifar's batches",
    bytes: cifar,
    read: (bytes) => {
      const { inputs, labels, count } = parseCifarBatches([{ file: 'a', bytes }], cifar10)
      if (inputs.length !== 3072 * count || labels.some((label) => label > 9)) throw new Error('no batch')
    },
  },
]

describe('damaged files are refused in words, or well-formed', () => {
  it.each(formats)(
    '$name',
    async ({ name, bytes, read }) => {
      await read(bytes)
      let refused = 0
      let most = 0
      for (let round = 0; round < rounds; round++) {
        const before = process.memoryUsage().arrayBuffers
        const damaged = damageBytes(bytes, makeRandom(1, `fuzz/${name}`, round))
        try {
          await read(damaged)
        } catch (error) {
          if (!(error instanceof DataProblem))
            throw new Error(`round ${round}: ${damaged.length} bytes`, { cause: error })
          refused++
        }
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      }
      console.log(`${name}: ${rounds} mutations, ${refused} refused, ${rounds - refused} well-formed`)
      expect(most).toBeLessThan(mostBytes)
      expect(refused).toBeGreaterThan(rounds / 10)
    },
    fuzzTimeoutMs(rounds),
  )
})
