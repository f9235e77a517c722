import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { either as E } from 'fp-ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tarOf } from '../../../test/tar-writer.ts'
import { renderDataError } from '../src/data-error.ts'
import type { Dataset } from '../src/dataset.ts'
import { datasetNames } from '../src/datasets/datasets.ts'
import { loadDataset } from '../src/node/load-dataset.ts'
import {
  cacheDir,
  cifarBatch,
  failed,
  folder,
  idxImages,
  idxLabels,
  load,
  loaded,
  put,
  putSmallMnist,
} from './data-folder.ts'

describe('loadDataset', () => {
  it('throws at once for a name that is none, listing those that are', () => {
    // @ts-expect-error a name from plain JavaScript
    expect(() => loadDataset('mnits', { cacheDir })).toThrow(datasetNames.join(', '))
  })

  it('draws digits of the seed and sizes asked for', async () => {
    const digits = await loaded('digits', { seed: 5, sizes: { train: 20, test: 10 } })
    expect([digits.train.count, digits.test.count, digits.classes]).toEqual([20, 10, 10])
    const other = await loaded('digits', { seed: 6, sizes: { train: 20, test: 10 } })
    expect(digits.train.inputs).not.toEqual(other.train.inputs)
  })
})

describe('files of the data directory', () => {
  it.each(['mnist', '.'])('are found in %s, packed and unpacked', async (at) => {
    await putSmallMnist(at)
    const mnist = await loaded('mnist', { acceptChecksum: true })
    expect([...mnist.train.labels]).toEqual([1, 2, 9])
    expect([...mnist.test.labels]).toEqual([0, 5])
    expect([mnist.train.count, mnist.test.count]).toEqual([3, 2])
    expect(mnist.inputShape).toEqual([28, 28, 1])
    expect([mnist.train.inputs.length, mnist.train.inputs[0], mnist.test.inputs[0]]).toEqual([2352, 7, 8])
    expect(mnist.warnings).toHaveLength(4)
  })

  it('with another checksum than the published one are refused, and the error says how to accept them', async () => {
    await putSmallMnist('mnist')
    const error = await failed('mnist')
    expect(error).toMatchObject({
      _tag: 'ChecksumMismatch',
      algorithm: 'sha256',
      expected: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      acceptable: true,
      expectedBytes: 28881,
    })
    expect(renderDataError(error)).toContain('acceptChecksum')
    expect(renderDataError(error)).toContain(join(folder, 'data/mnist/train-labels-idx1-ubyte.gz'))
  })

  it('of Fashion-MNIST, unpacked, are read with a warning: nobody published their checksum', async () => {
    await put('fashion-mnist/train-images-idx3-ubyte', idxImages(1, 7))
    await put('fashion-mnist/train-labels-idx1-ubyte', idxLabels(1))
    await put('fashion-mnist/t10k-images-idx3-ubyte', idxImages(1, 8))
    await put('fashion-mnist/t10k-labels-idx1-ubyte', idxLabels(2))
    const { warnings } = await loaded('fashion-mnist')
    expect(warnings).toHaveLength(4)
    expect(warnings[0]).toContain('not verified')
  })

  it('must hold as many images as labels', async () => {
    await putSmallMnist('mnist')
    await put('mnist/train-labels-idx1-ubyte.gz', gzipSync(idxLabels(1, 2)))
    expect(await failed('mnist', { acceptChecksum: true })).toMatchObject({
      _tag: 'CountMismatch',
      images: 3,
      labels: 2,
    })
  })

  it('are read within bounds, packed or not', async () => {
    await putSmallMnist('mnist')
    await put('mnist/train-labels-idx1-ubyte.gz', gzipSync(new Uint8Array(60_009)))
    expect(await failed('mnist', { acceptChecksum: true })).toMatchObject({
      _tag: 'TooLarge',
      limitBytes: 60_008,
    })
    await put('mnist/train-labels-idx1-ubyte.gz', new Uint8Array(60_009))
    expect(await failed('mnist', { acceptChecksum: true })).toMatchObject({ _tag: 'TooLarge' })
  })

  it('are regular files: a folder of that name is looked into, a pipe is named, online too', async () => {
    await putSmallMnist('mnist')
    const path = join(folder, 'data/mnist/t10k-images-idx3-ubyte')
    await rm(path)
    execFileSync('mkfifo', [path])
    for (const offline of [true, false]) {
      const named = await failed('mnist', { acceptChecksum: true, offline })
      expect(renderDataError(named)).toBe(
        `mnist: ${path} is a pipe, but it must be a regular file; put one in its place, or take it away.`,
      )
    }
    await rm(path)
    await symlink('nowhere', path)
    expect(renderDataError(await failed('mnist', { acceptChecksum: true }))).toContain(
      'is a link to nowhere, where nothing is, but it must be a regular file',
    )
    await rm(path)
    await put('mnist/t10k-images-idx3-ubyte/t10k-images.idx3-ubyte', idxImages(2, 9))
    expect((await loaded('mnist', { acceptChecksum: true })).test.inputs[0]).toBe(9)
    await put('mnist/t10k-images.idx3-ubyte', idxImages(2, 10))
    expect((await loaded('mnist', { acceptChecksum: true })).test.inputs[0]).toBe(10)
  })

  it('are in a directory that is there, when one is named; nothing is asked of the network else', async () => {
    const asked = { dataDir: join(folder, 'dta'), offline: false, baseUrls: ['http://127.0.0.1:1'] }
    expect(renderDataError(await failed('mnist', asked))).toContain(
      `the data directory is ${join(folder, 'dta')}, but there is nothing of that name`,
    )
    expect(renderDataError(await failed('cifar10', { dataDir: '~/data' }))).toContain(
      'a shell replaces ~ only at the beginning of a word',
    )
  })

  it('that are nowhere are named with every place that was searched', async () => {
    const error = await failed('mnist')
    expect(error).toMatchObject({ _tag: 'DataFileMissing', file: 'train-labels-idx1-ubyte.gz' })
    expect(renderDataError(error)).toContain(join(folder, 'data/mnist/train-labels-idx1-ubyte.gz'))
    expect(renderDataError(error)).toContain(join(cacheDir, 'mnist/train-labels-idx1-ubyte.gz'))
    expect(await failed('cifar10', { dataDir: undefined })).toMatchObject({
      searched: [join(cacheDir, 'cifar10/cifar-10-binary.tar.gz')],
    })
  })
})

describe('CIFAR-10', () => {
  const batches = [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, cifarBatch(n, 0)] as const)
  const files = [...batches, ['test_batch.bin', cifarBatch(7)] as const]
  const archive = gzipSync(
    tarOf([
      { path: 'cifar-10-batches-bin/', type: '5', bytes: '' },
      // Batches in another order than they are used in.
      ...[...files].reverse().map(([file, bytes]) => ({ path: `cifar-10-batches-bin/${file}`, bytes })),
    ]),
  )
  const expectSmall = (cifar: Dataset): void => {
    expect([...cifar.train.labels]).toEqual([1, 0, 2, 0, 3, 0, 4, 0, 5, 0])
    expect([...cifar.test.labels]).toEqual([7])
    expect(cifar.train.inputs[3 * 6144]).toBe(40)
    expect(cifar.inputShape).toEqual([32, 32, 3])
  }

  it.each(['cifar10/cifar-10-batches-bin', 'cifar-10-batches-bin', '.'])(
    'is read unpacked from %s, each batch verified by itself',
    async (at) => {
      for (const [file, bytes] of files) await put(`${at}/${file}`, bytes)
      const cifar = await loaded('cifar10', { acceptChecksum: true })
      expectSmall(cifar)
      expect(cifar.warnings).toHaveLength(6)
      expect(await failed('cifar10')).toMatchObject({
        _tag: 'ChecksumMismatch',
        expected: '5dd7e06a14cb22eb9f671a540d1b7c25',
      })
    },
  )

  it('is read from the archive, and warnings name it and each batch that is not the published one', async () => {
    await put('cifar10/cifar-10-binary.tar.gz', archive)
    const cifar = await loaded('cifar10', { acceptChecksum: true })
    expectSmall(cifar)
    expect(cifar.warnings).toHaveLength(7)
    expect(cifar.warnings[6]).toContain('cifar-10-batches-bin/test_batch.bin')
    expect(await failed('cifar10')).toMatchObject({
      _tag: 'ChecksumMismatch',
      algorithm: 'md5',
      expected: 'c32a1d4ab5d03f1284b67883e8d87530',
    })
  })

  it('says which batch an archive lacks, and when it is cut short', async () => {
    await put('cifar10/cifar-10-binary.tar.gz', gzipSync(tarOf([{ path: 'other', bytes: 'x' }])))
    const lacking = await failed('cifar10', { acceptChecksum: true })
    expect(renderDataError(lacking)).toContain('data_batch_1.bin is not in it')
    await put('cifar10/cifar-10-binary.tar.gz', archive.subarray(0, -100))
    expect(await failed('cifar10', { acceptChecksum: true })).toMatchObject({ _tag: 'CorruptArchive' })
    await put('cifar10/cifar-10-binary.tar.gz', Buffer.from('no gzip at all'))
    expect(await failed('cifar10', { acceptChecksum: true })).toMatchObject({ _tag: 'CorruptArchive' })
  })

  it.each([
    // A cut or a bomb in the middle, where the end of the streams used to hide the cause.
    [
      'a header that is damaged',
      tarOf([{ path: 'x'.repeat(90), bytes: 'x' }]).fill(1, 100, 140),
      'a tar header is damaged',
    ],
    [
      'a member of the wrong size',
      tarOf([{ path: 'cifar-10-batches-bin/test_batch.bin', bytes: new Uint8Array(3074) }]),
      'holds 3,074 bytes, but must hold 6,146 bytes',
    ],
    ['a bomb', tarOf([{ path: 'x', bytes: new Uint8Array(220_000_000) }]), 'holds more than the'],
  ])('says the cause when an archive has %s', async (_what, tar, message) => {
    await put('cifar10/cifar-10-binary.tar.gz', gzipSync(tar, { level: 1 }))
    expect(renderDataError(await failed('cifar10', { acceptChecksum: true }))).toContain(message)
  })

  it('is an error, and no exception, wherever its archive is damaged', async () => {
    const said = new Set<string>()
    for (let at = 0; at < archive.length; at += Math.ceil(archive.length / 60)) {
      const damaged = Uint8Array.from(archive)
      damaged[at] ^= 0x55
      await put('cifar10/cifar-10-binary.tar.gz', damaged)
      const result = await load('cifar10', { acceptChecksum: true })
      // Bytes 4 to 9 of a gzip header (time, flags, system) carry nothing.
      if (at >= 10) expect([at, result._tag]).toEqual([at, 'Left'])
      if (E.isLeft(result)) said.add(result.left._tag)
    }
    expect(said).toContain('CorruptArchive')
  })

  it('says which batch of a folder is missing', async () => {
    await put('cifar10/cifar-10-batches-bin/test_batch.bin', cifarBatch(7))
    const error = await failed('cifar10', { acceptChecksum: true })
    expect(error).toMatchObject({ _tag: 'FileSystemFailed' })
    expect(renderDataError(error)).toContain('data_batch_1.bin')
  })
})

describe('downloads', () => {
  let server: Server
  let baseUrl: string
  let asked: string[]
  beforeEach(async () => {
    asked = []
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end('not the file')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/sets`
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('with wrong bytes are refused whatever is accepted of the user, and the cache stays empty', async () => {
    const error = await failed('mnist', {
      offline: false,
      baseUrls: [baseUrl, `${baseUrl}/again/`],
      acceptChecksum: true,
    })
    expect(asked).toEqual(['/sets/train-labels-idx1-ubyte.gz', '/sets/again/train-labels-idx1-ubyte.gz'])
    expect(error).toMatchObject({ _tag: 'DownloadFailed' })
    expect(renderDataError(error)).toContain('has a file of 12 bytes, but the published one has 28881')
    expect(await readdir(join(cacheDir, 'mnist'))).toEqual([])
  })

  it('leave a foreign file of the cache as it is, offline and when they fail', async () => {
    await mkdir(join(cacheDir, 'mnist'), { recursive: true })
    const path = join(cacheDir, 'mnist/train-labels-idx1-ubyte.gz')
    await writeFile(path, 'my own')
    expect(renderDataError(await failed('mnist'))).toContain(`${path}, which is not the published file`)
    await failed('mnist', { offline: false, baseUrls: [baseUrl] })
    expect(await readdir(join(cacheDir, 'mnist'))).toEqual(['train-labels-idx1-ubyte.gz'])
    expect(await readFile(path, 'utf8')).toBe('my own')
  })

  it('ask where the cache is only when one is needed, and say what to do where nobody knows', async () => {
    const nowhere = async (): Promise<undefined> => undefined
    expect((await loaded('digits', { cacheDir: nowhere, sizes: { train: 1, test: 1 } })).train.count).toBe(1)
    await putSmallMnist('mnist')
    expect((await loaded('mnist', { cacheDir: nowhere, acceptChecksum: true })).train.count).toBe(3)
    expect(renderDataError(await failed('cifar10', { cacheDir: nowhere }))).toContain(
      'the cache directory is not known, but downloads need one',
    )
    expect(renderDataError(await failed('cifar10', { cacheDir: '' }))).toContain('not known')
  })

  it('are not begun when the signal is set already', async () => {
    expect(
      await failed('mnist', { offline: false, baseUrls: [baseUrl], signal: AbortSignal.abort() }),
    ).toMatchObject({ _tag: 'ReadingAborted' })
    expect(asked).toEqual([])
  })
})
