/**
 * Fashion-MNIST: articles of clothing in MNIST's format and under its files' names.
 *
 * @see https://github.com/zalandoresearch/fashion-mnist
 */
import { type IdxDescriptor, md5 } from './dataset-descriptor.ts'

export const fashionMnist: IdxDescriptor<'fashion-mnist'> = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  origin: 'published',
  format: 'idx',
  inputShape: [28, 28, 1],
  classes: 10,
  examples: { train: 60_000, test: 10_000 },
  pixelStatistics: { mean: [0.286], deviation: [0.353] },
  files: {
    trainImages: {
      file: 'train-images-idx3-ubyte',
      packed: md5(26421880, '8d4fb7e6c68d591d4c3dfef9ec88bf0d'),
    },
    trainLabels: { file: 'train-labels-idx1-ubyte', packed: md5(29515, '25c81989df183df01b3e8a0aad5dffbe') },
    testImages: { file: 't10k-images-idx3-ubyte', packed: md5(4422102, 'bef4ecab320f06d8554ea6380940ec79') },
    testLabels: { file: 't10k-labels-idx1-ubyte', packed: md5(5148, 'bb300cfdad3c16e7a12a480ee83cd310') },
  },
  mirrors: [
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  ],
}
