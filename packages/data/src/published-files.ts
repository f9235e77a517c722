/**
 * The files of the downloadable data sets as their publishers describe them: names, sizes, checksums, mirrors.
 *
 * MNIST's sha256 were computed from files whose md5 are the published ones. Fashion-MNIST's and CIFAR-10's checksums are the md5 on
 * the publishers' pages; md5 finds damage, it does not keep out an attacker.
 *
 * @see http://yann.lecun.com/exdb/mnist/
 * @see https://github.com/zalandoresearch/fashion-mnist
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
import type { ChecksumAlgorithm } from './data-error.ts'

/** What a file's bytes must be. */
export interface PublishedBytes {
  readonly sizeBytes: number
  readonly algorithm: ChecksumAlgorithm
  /** Lower-case hexadecimal. */
  readonly checksum: string
}

/** One idx file: packed as it is published, and the same unpacked. */
export interface PublishedIdx {
  readonly file: string
  readonly packed: PublishedBytes
  /** `undefined` where nobody published a checksum of the unpacked file. */
  readonly unpacked: PublishedBytes | undefined
}

/** The four files of a data set in MNIST's format. */
export interface PublishedIdxSet {
  readonly trainImages: PublishedIdx
  readonly trainLabels: PublishedIdx
  readonly testImages: PublishedIdx
  readonly testLabels: PublishedIdx
  /** Folders to download from, tried in order; each ends with `/`. */
  readonly mirrors: readonly string[]
}

const sha256 = (sizeBytes: number, checksum: string): PublishedBytes => ({
  sizeBytes,
  algorithm: 'sha256',
  checksum,
})
const md5 = (sizeBytes: number, checksum: string): PublishedBytes => ({
  sizeBytes,
  algorithm: 'md5',
  checksum,
})
const idx = (file: string, packed: PublishedBytes, unpacked?: PublishedBytes): PublishedIdx => ({
  file,
  packed,
  unpacked,
})

export const mnistFiles: PublishedIdxSet = {
  trainImages: idx(
    'train-images-idx3-ubyte',
    sha256(9912422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'),
    sha256(47040016, 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'),
  ),
  trainLabels: idx(
    'train-labels-idx1-ubyte',
    sha256(28881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'),
    sha256(60008, '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'),
  ),
  testImages: idx(
    't10k-images-idx3-ubyte',
    sha256(1648877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'),
    sha256(7840016, '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'),
  ),
  testLabels: idx(
    't10k-labels-idx1-ubyte',
    sha256(4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'),
    sha256(10008, 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'),
  ),
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
    'http://yann.lecun.com/exdb/mnist/',
  ],
}

export const fashionMnistFiles: PublishedIdxSet = {
  trainImages: idx('train-images-idx3-ubyte', md5(26421880, '8d4fb7e6c68d591d4c3dfef9ec88bf0d')),
  trainLabels: idx('train-labels-idx1-ubyte', md5(29515, '25c81989df183df01b3e8a0aad5dffbe')),
  testImages: idx('t10k-images-idx3-ubyte', md5(4422102, 'bef4ecab320f06d8554ea6380940ec79')),
  testLabels: idx('t10k-labels-idx1-ubyte', md5(5148, 'bb300cfdad3c16e7a12a480ee83cd310')),
  mirrors: [
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  ],
}

/** CIFAR-10's archive, its folder, and the batches in it. */
export const cifar10Files = {
  file: 'cifar-10-binary.tar.gz',
  folder: 'cifar-10-batches-bin',
  archive: md5(170052171, 'c32a1d4ab5d03f1284b67883e8d87530'),
  trainBatches: [
    { file: 'data_batch_1.bin', published: md5(30730000, '5dd7e06a14cb22eb9f671a540d1b7c25') },
    { file: 'data_batch_2.bin', published: md5(30730000, '5ea93a67294ea407fff1d09f752e9692') },
    { file: 'data_batch_3.bin', published: md5(30730000, '942cd6a4bcdd0dd3c604fbe906cb4421') },
    { file: 'data_batch_4.bin', published: md5(30730000, 'ae636b3ba5c66a11e91e8cb52e771fcb') },
    { file: 'data_batch_5.bin', published: md5(30730000, '53f37980c15c3d472c316c40844f3f0d') },
  ],
  testBatch: { file: 'test_batch.bin', published: md5(30730000, '803d5f7f4d78ea53de84dbe85f74fb6d') },
  mirrors: ['https://www.cs.toronto.edu/~kriz/', 'https://cave.cs.toronto.edu/kriz/'],
} as const

const everyIdx = (name: string, set: PublishedIdxSet): readonly (readonly [string, string])[] =>
  [set.trainImages, set.trainLabels, set.testImages, set.testLabels].flatMap(({ file, packed, unpacked }) => [
    [packed.checksum, `${name}'s ${file}.gz`] as const,
    ...(unpacked === undefined ? [] : [[unpacked.checksum, `${name}'s ${file}`] as const]),
  ])

/** Which published file has these checksums (one an algorithm), for a hint like "these are MNIST's images"; `''` when none has. */
export const recognizeChecksum = (found: readonly string[]): string => {
  const known = new Map([
    ...everyIdx('MNIST', mnistFiles),
    ...everyIdx('Fashion-MNIST', fashionMnistFiles),
    [cifar10Files.archive.checksum, `CIFAR-10's ${cifar10Files.file}`] as const,
  ])
  const name = found.map((checksum) => known.get(checksum)).find((candidate) => candidate !== undefined)
  return name === undefined ? '' : `These are the bytes of ${name}.`
}
