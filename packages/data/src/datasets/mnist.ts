/**
 * MNIST: handwritten digits.
 *
 * The sha256 were computed from files whose md5 are the published ones.
 *
 * @see http://yann.lecun.com/exdb/mnist/
 */
import { type IdxDescriptor, sha256 } from './dataset-descriptor.ts'

export const mnist: IdxDescriptor<'mnist'> = {
  name: 'mnist',
  title: 'MNIST',
  origin: 'published',
  format: 'idx',
  inputShape: [28, 28, 1],
  classes: 10,
  examples: { train: 60_000, test: 10_000 },
  pixelStatistics: { mean: [0.1307], deviation: [0.3081] },
  files: {
    trainImages: {
      file: 'train-images-idx3-ubyte',
      packed: sha256(9912422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'),
      unpacked: sha256(47040016, 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'),
    },
    trainLabels: {
      file: 'train-labels-idx1-ubyte',
      packed: sha256(28881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'),
      unpacked: sha256(60008, '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'),
    },
    testImages: {
      file: 't10k-images-idx3-ubyte',
      packed: sha256(1648877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'),
      unpacked: sha256(7840016, '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'),
    },
    testLabels: {
      file: 't10k-labels-idx1-ubyte',
      packed: sha256(4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'),
      unpacked: sha256(10008, 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'),
    },
  },
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
    'http://yann.lecun.com/exdb/mnist/',
  ],
}
