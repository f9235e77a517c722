import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { either as E } from 'fp-ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idxOf, npyOf } from '../../../test/array-writers.ts'
import { renderDataError } from '../src/data-error.ts'
import type { Dataset } from '../src/dataset.ts'
import { parseNpy } from '../src/formats/npy.ts'
import { inputsOfArray, labelsOfArray } from '../src/formats/number-array.ts'
import { loadOwnDataset, type OwnDatasetOptions } from '../src/node/load-own-dataset.ts'

const numpy = fileURLToPath(new URL('../../../test/fixtures/numpy', import.meta.url))
const npy = async (name: string) => parseNpy(name, await readFile(join(numpy, `${name}.npy`)))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laperm-own-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const put = (name: string, bytes: Uint8Array): Promise<void> => writeFile(join(folder, name), bytes)
const loaded = async (path = folder, options: OwnDatasetOptions = {}): Promise<Dataset> => {
  const result = await loadOwnDataset(path, options)()
  if (E.isLeft(result)) throw new Error(renderDataError(result.left))
  return result.right
}
const said = async (path = folder, options: OwnDatasetOptions = {}): Promise<string> => {
  const result = await loadOwnDataset(path, options)()
  if (E.isRight(result)) throw new Error('it was loaded')
  return renderDataError(result.left)
}

const images = [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220]
const expectSmall = ({ train, test, inputShape, classes }: Dataset): void => {
  expect([inputShape, classes]).toEqual([[2, 2, 1], 3])
  expect([...train.inputs]).toEqual(images)
  expect([...train.labels]).toEqual([0, 2, 1])
  expect([...test.inputs]).toEqual(Array(8).fill(7))
  expect([...test.labels]).toEqual([1, 1])
}
const small = {
  x_train: npyOf('|u1', [3, 2, 2], Uint8Array.from(images)),
  y_train: npyOf('<i8', [3], BigInt64Array.of(0n, 2n, 1n)),
  x_test: npyOf('|u1', [2, 2, 2], new Uint8Array(8).fill(7)),
  y_test: npyOf('|u1', [2], Uint8Array.of(1, 1)),
}
const putSmall = async (others: Partial<Record<keyof typeof small, Uint8Array>> = {}): Promise<void> => {
  for (const [key, bytes] of Object.entries({ ...small, ...others })) await put(`${key}.npy`, bytes)
}

describe('loadOwnDataset', () => {
  it.each(['stored.npz', 'deflated.npz'])(
    'reads what NumPy wrote as %s, by path and by folder',
    async (file) => {
      const dataset = await loaded(join(numpy, file))
      expectSmall(dataset)
      expect(dataset.name).toBe(file.slice(0, -4))
      await cp(join(numpy, file), join(folder, file))
      const inFolder = await loaded()
      expectSmall(inFolder)
      expect(inFolder.name).toBe(basename(folder))
    },
  )

  it('reads four .npy', async () => {
    await putSmall()
    expectSmall(await loaded())
    expect((await loaded(folder, { name: 'mine', classes: 7 })).classes).toBe(7)
    expect(await said(folder, { classes: 2 })).toMatch(
      /labels\[\d\] is 2, but must be an integer from 0 to 1/,
    )
  })

  it.each([
    [
      'MNIST names, packed',
      [
        'train-images-idx3-ubyte.gz',
        'train-labels-idx1-ubyte.gz',
        't10k-images-idx3-ubyte.gz',
        't10k-labels-idx1-ubyte.gz',
      ],
    ],
    ['plain names', ['train-images', 'train-labels', 'test-images', 'test-labels']],
    ['.idx names', ['train_images.idx', 'train_labels.idx.gz', 'test_images.idx', 'test_labels.idx']],
  ])('reads idx files: %s', async (_what, names) => {
    const files = [
      idxOf(0x08, [3, 2, 2], Uint8Array.from(images)),
      idxOf(0x08, [3], Uint8Array.of(0, 2, 1)),
      idxOf(0x08, [2, 2, 2], new Uint8Array(8).fill(7)),
      idxOf(0x08, [2], Uint8Array.of(1, 1)),
    ]
    for (const [i, name] of names.entries())
      await put(name, name.endsWith('.gz') ? gzipSync(files[i]) : files[i])
    await put('notes.txt', Buffer.from('mine'))
    expectSmall(await loaded())
  })

  it('reads colour images, and vectors of floats', async () => {
    await putSmall({
      x_train: npyOf('|u1', [3, 1, 1, 4], Uint8Array.from(images)),
      x_test: npyOf('|u1', [2, 1, 1, 4], new Uint8Array(8)),
    })
    expect((await loaded()).inputShape).toEqual([1, 1, 4])
    await putSmall({
      x_train: npyOf('<f4', [3, 2], Float32Array.of(0.5, -1, 2, 3, 4, 5)),
      x_test: npyOf('<f8', [2, 2], Float64Array.of(0.1, 0, 0, 0)),
      y_train: npyOf('<i4', [3, 1], Int32Array.of(0, 1, 1)),
    })
    const floats = await loaded()
    expect([floats.inputShape, floats.classes]).toEqual([[2], 2])
    expect([...floats.train.inputs]).toEqual([0.5, -1, 2, 3, 4, 5])
    expect(floats.test.inputs[0]).toBe(Math.fround(0.1))
    expect(floats.train.inputs.buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})

describe('an own data set that breaks a rule is told by file, field, value and rule:', () => {
  it('no test split', async () => {
    await putSmall()
    await rm(join(folder, 'x_test.npy'))
    expect(await said()).toBe(
      `${folder}: x_test.npy is not there, but a data set has a test split: add x_test.npy and y_test.npy, since accuracy is measured on examples that were not trained on.`,
    )
  })

  it('a NUL in its path', async () => {
    expect(await loadOwnDataset('a\0b')()).toEqual(
      E.left({ _tag: 'FileSystemFailed', file: 'a\0b', reason: 'a path cannot hold a NUL character' }),
    )
  })

  it('labels that are missing in an archive', async () => {
    await put('a.npz', await readFile(join(numpy, 'stored.npz')))
    // The name in the directory at the end and in the member's own header.
    const bytes = await readFile(join(folder, 'a.npz'))
    for (let at = bytes.indexOf('y_train'); at >= 0; at = bytes.indexOf('y_train')) bytes.write('z', at)
    await put('a.npz', bytes)
    expect(await said()).toContain(`${join(folder, 'a.npz')}: y_train is not there`)
  })

  it.each([
    [
      { y_train: npyOf('<i8', [3], BigInt64Array.of(0n, -2n, 1n)) },
      'y_train.npy: labels[1] is -2, but must be an integer from 0 to',
    ],
    [
      { y_train: npyOf('<i8', [3], BigInt64Array.of(0n, 2n ** 60n, 1n)) },
      `y_train.npy: labels[1] is ${2 ** 60}, but must be an integer from 0 to 255, since a data set has at most 256 classes`,
    ],
    [{ y_test: npyOf('<i4', [2], Int32Array.of(0, 256)) }, 'y_test.npy: labels[1] is 256, but must be'],
    [
      { y_train: npyOf('<i8', [2], BigInt64Array.of(0n, 1n)) },
      'y_train.npy: labels.length is 2, but must be 3',
    ],
    [
      { y_test: npyOf('<f4', [2], Float32Array.of(0, 1)) },
      'y_test.npy: the type of its numbers is float32, but must be an integer',
    ],
    [{ y_test: npyOf('|u1', [2, 3], new Uint8Array(6)) }, 'np.argmax(y, axis=1)'],
    [
      { x_train: npyOf('<i4', [3, 2, 2], new Int32Array(12)) },
      'x_train.npy: the type of its numbers is int32, but must be uint8 (pixels), float32 or float64',
    ],
    [
      { x_train: npyOf('|u1', [12], new Uint8Array(12)) },
      'x_train.npy: the shape is [12], but must be [n, height, width]',
    ],
    [
      { x_test: npyOf('|u1', [2, 1, 4], new Uint8Array(8)) },
      'x_test.npy: the shape of one input is [1, 4, 1], but must be [2, 2, 1]',
    ],
    [
      { x_test: npyOf('<f4', [2, 2, 2], new Float32Array(8).fill(Number.NaN)) },
      'x_test.npy: inputs[0] (example 0) is NaN',
    ],
    [
      { x_test: npyOf('<f4', [2, 2, 2], new Float32Array(8)) },
      'x_test.npy: inputs is Float32Array, but must be a Uint8Array',
    ],
    [{ x_test: npyOf('|u1', [0, 2, 2], new Uint8Array(0)) }, 'x_test.npy: inputs.length is 0'],
    [
      { x_test: small.x_test.subarray(0, -1) },
      'x_test.npy: the length of its numbers is 7 bytes, but must be 8 bytes',
    ],
    [{ x_test: Buffer.from('GIF89a and so on') }, 'x_test.npy: its beginning is "GIF89a"'],
  ])('%#', async (others, message) => {
    await putSmall(others)
    expect(await said()).toContain(message)
  })

  it('a path that is not there, a literal ~, a file that is none, an empty folder, two formats at once', async () => {
    expect(await said(join(folder, 'nowhere'))).toContain(
      'the path is not there, but must be a folder with x_train.npy',
    )
    expect(await said('~/flowers')).toContain('a shell replaces ~ only at the beginning of a word')
    await put('a.txt', Buffer.from('x'))
    expect(await said(join(folder, 'a.txt'))).toContain('the path is a file of another kind')
    expect(await said()).toContain('the folder is without such files')
    await putSmall()
    await put('train-images', Buffer.from('x'))
    expect(await said()).toContain('ambiguous (x_test.npy, train-images)')
  })

  it('folders and pipes with the names of files', async () => {
    await putSmall()
    await rm(join(folder, 'y_test.npy'))
    await mkdir(join(folder, 'y_test.npy'))
    expect(await said()).toContain('y_test.npy is a folder, but it must be a regular file')
    await rm(join(folder, 'y_test.npy'), { recursive: true })
    spawnSync('mkfifo', [join(folder, 'y_test.npy')])
    expect(await said()).toContain('y_test.npy is a pipe, but it must be a regular file')
    expect(await said(join(folder, 'y_test.npy'))).toContain('the path is a pipe, but must be a folder')
    await rm(join(folder, 'y_test.npy'))
    await symlink('nowhere', join(folder, 'y_test.npy'))
    expect(await said()).toContain('y_test.npy is a link to nowhere, where nothing is, but it must be')
    for (const name of Object.keys(small)) await rm(join(folder, `${name}.npy`))
    spawnSync('mkfifo', [join(folder, 'flowers.npz')])
    expect(await said()).toContain('flowers.npz is a pipe')
    await rm(join(folder, 'flowers.npz'))
    for (const name of ['train-images', 'test-images', 'test-labels']) await put(name, new Uint8Array(8))
    spawnSync('mkfifo', [join(folder, 'train-labels')])
    expect(await said()).toContain('train-labels is a pipe')
  })

  it('archives that are damaged, and packed files that hold more than they say', async () => {
    const bytes = await readFile(join(numpy, 'deflated.npz'))
    bytes[90] ^= 1
    await put('a.npz', bytes)
    expect(await said()).toContain('cannot be unpacked')
    const whole = await readFile(join(numpy, 'stored.npz'))
    // A number of the array itself, which only the check value watches.
    whole[whole.indexOf(Uint8Array.of(20, 40, 60))] ^= 1
    await put('a.npz', whole)
    expect(await said()).toContain('Invalid CRC32')
    await rm(join(folder, 'a.npz'))
    await put(
      'train-images.gz',
      gzipSync(Buffer.concat([idxOf(0x08, [1, 2, 2], new Uint8Array(4)), Buffer.alloc(1e6)])),
    )
    for (const name of ['train-labels', 'test-images', 'test-labels']) await put(name, new Uint8Array(8))
    expect(await said()).toContain('train-images.gz: holds more than the 20 bytes')
  })

  it('a signal that is set', async () => {
    await putSmall()
    expect(await said(folder, { signal: AbortSignal.abort() })).toContain('the reading was stopped')
  })
})

describe('arrays that NumPy wrote', () => {
  it('of floats, doubles, big-endian floats, columns of labels and version 2 are read', async () => {
    expect([...inputsOfArray(await npy('floats'))]).toEqual([0.5, -1.25, 3, 1e-3].map(Math.fround))
    expect([...inputsOfArray(await npy('doubles'))]).toEqual([Math.fround(0.1), 2])
    expect([...inputsOfArray(await npy('big-endian'))]).toEqual([0.5, -1.25])
    expect([...labelsOfArray(await npy('column-labels'))]).toEqual([3, 1])
    expect((await npy('version-2')).shape).toEqual([2, 2, 2])
  })

  it('in Fortran order, or of Python objects, are refused in words', async () => {
    await expect(npy('fortran')).rejects.toThrow('fortran_order is True, but must be False')
    await expect(npy('objects')).rejects.toThrow('(descr) is "|O"')
  })

  it('has a header of one line that ends as the format says', () => {
    const array = npyOf('|u1', [3], Uint8Array.of(1, 2, 3))
    expect(parseNpy('x.npy', array).shape).toEqual([3])
    const end = array.indexOf(0x0a)
    for (const [at, byte] of [
      [end, 0x20],
      [end - 1, 0x0a],
      [array.indexOf(0x2c) + 1, 0x0a],
    ] as const)
      expect(() => parseNpy('x.npy', Uint8Array.from(array).fill(byte, at, at + 1))).toThrow(/in one line/)
  })
})
