/**
 * CIFAR-10: small colour photographs.
 *
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
import { type CifarDescriptor, md5 } from './dataset-descriptor.ts'

export const cifar10: CifarDescriptor<'cifar10'> = {
  name: 'cifar10',
  title: 'CIFAR-10',
  origin: 'published',
  format: 'cifar-binary',
  inputShape: [32, 32, 3],
  classes: 10,
  examples: { train: 50_000, test: 10_000 },
  pixelStatistics: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
  archive: { file: 'cifar-10-binary.tar.gz', bytes: md5(170052171, 'c32a1d4ab5d03f1284b67883e8d87530') },
  folder: 'cifar-10-batches-bin',
  trainBatches: [
    { file: 'data_batch_1.bin', bytes: md5(30730000, '5dd7e06a14cb22eb9f671a540d1b7c25') },
    { file: 'data_batch_2.bin', bytes: md5(30730000, '5ea93a67294ea407fff1d09f752e9692') },
    { file: 'data_batch_3.bin', bytes: md5(30730000, '942cd6a4bcdd0dd3c604fbe906cb4421') },
    { file: 'data_batch_4.bin', bytes: md5(30730000, 'ae636b3ba5c66a11e91e8cb52e771fcb') },
    { file: 'data_batch_5.bin', bytes: md5(30730000, '53f37980c15c3d472c316c40844f3f0d') },
  ],
  testBatch: { file: 'test_batch.bin', bytes: md5(30730000, '803d5f7f4d78ea53de84dbe85f74fb6d') },
  batchExamples: 10_000,
  mirrors: ['https://www.cs.toronto.edu/~kriz/', 'https://cave.cs.toronto.edu/kriz/'],
}
