/** The networks that the page can train: three of the zoo by their names, and one of its own as data. */
import { conv2d, dense, flatten, type Model, relu, softmax, type ZooName, zoo } from '@laperm/models'

/**
 * Conv7's seven convolutions and its dense layer, with 16 filters (the last convolution: 32) and without dropout: 28,506 parameters, an
 * eleventh of Conv7's. The incoming weights of every neuron but the ten last ones make a square, so that they can be shown as an image.
 */
const conv7Small: Model = {
  ...zoo.conv7,
  name: 'conv7-small',
  layers: [
    conv2d(16, 3),
    relu,
    conv2d(16, 3),
    relu,
    conv2d(16, 5, { strides: 2, padding: 'same' }),
    relu,
    conv2d(16, 3),
    relu,
    conv2d(16, 3),
    relu,
    conv2d(16, 5, { strides: 2, padding: 'same' }),
    relu,
    conv2d(32, 4),
    relu,
    flatten,
    dense(10),
    softmax,
  ],
}

export const modelNames = ['f1', 'f2', 'mlp', 'conv7-small'] as const
export type ModelName = (typeof modelNames)[number]

interface DemoModel {
  /** As an experiment names its network. */
  readonly model: ZooName | Model
  /** On the page. */
  readonly title: string
  /** Test examples that are looked at while training: all would slow it down. */
  readonly watchedExamples: number
  /** Whether most of its arithmetic is in convolutions. */
  readonly isConvolutional: boolean
}

export const demoModels: Readonly<Record<ModelName, DemoModel>> = {
  f1: { model: 'f1', title: 'F1 (784-10)', watchedExamples: 500, isConvolutional: false },
  f2: { model: 'f2', title: 'F2 (784-128-64-10)', watchedExamples: 500, isConvolutional: false },
  mlp: { model: 'mlp', title: 'MLP (784-100-100-10)', watchedExamples: 500, isConvolutional: false },
  'conv7-small': {
    model: conv7Small,
    title: 'Small Conv7 (16 filters)',
    watchedExamples: 200,
    isConvolutional: true,
  },
}
