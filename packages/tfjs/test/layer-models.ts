/**
 * One small model for every layer class of tfjs-layers that has kernels, and which neuron each of its weights belongs to, told apart by hand.
 */
import * as tfl from '@tensorflow/tfjs-layers'

/** Of a kernel: its name in tfjs, its number of neurons, and the neuron that the weight at these coordinates belongs to. */
export interface KernelOfLayer {
  readonly name: string
  readonly neurons: number
  readonly neuronOf: (at: readonly number[]) => string
}

/** A model around one layer. */
export interface LayerCase {
  readonly layer: string
  readonly make: () => tfl.LayersModel
  readonly kernels: readonly KernelOfLayer[]
}

const last = (name: string, neurons: number): KernelOfLayer => ({
  name,
  neurons,
  neuronOf: (at) => `${at.at(-1)}`,
})
const third = (name: string, neurons: number): KernelOfLayer => ({
  name,
  neurons,
  neuronOf: (at) => `${at[2]}`,
})
const channelAndMultiplier = (neurons: number): KernelOfLayer => ({
  name: 'depthwise_kernel',
  neurons,
  neuronOf: (at) => `${at[2]},${at[3]}`,
})

const alone = (layer: tfl.layers.Layer): tfl.LayersModel => tfl.sequential({ layers: [layer] })
// The default, orthogonal, needs tfjs-core's chained operations, which only the bundle @tensorflow/tfjs registers.
const recurrentInitializer = 'glorotUniform'
const { layers } = tfl

/** In the order of the README's table. */
export const layerCases: readonly LayerCase[] = [
  {
    layer: 'Dense',
    make: () => alone(layers.dense({ units: 3, inputShape: [12] })),
    kernels: [last('kernel', 3)],
  },
  {
    layer: 'Conv1D',
    make: () => alone(layers.conv1d({ filters: 3, kernelSize: 4, inputShape: [9, 2] })),
    kernels: [last('kernel', 3)],
  },
  {
    layer: 'Conv2D',
    make: () => alone(layers.conv2d({ filters: 3, kernelSize: [2, 3], inputShape: [5, 5, 2] })),
    kernels: [last('kernel', 3)],
  },
  {
    layer: 'Conv3D',
    make: () => alone(layers.conv3d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 4, 2] })),
    kernels: [last('kernel', 3)],
  },
  {
    layer: 'Conv2DTranspose',
    make: () => alone(layers.conv2dTranspose({ filters: 3, kernelSize: [2, 3], inputShape: [4, 4, 2] })),
    kernels: [third('kernel', 3)],
  },
  {
    layer: 'Conv3DTranspose',
    make: () => alone(layers.conv3dTranspose({ filters: 3, kernelSize: 2, inputShape: [3, 3, 3, 2] })),
    kernels: [{ name: 'kernel', neurons: 3, neuronOf: (at) => `${at[3]}` }],
  },
  {
    layer: 'DepthwiseConv2D',
    make: () => alone(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, inputShape: [5, 5, 3] })),
    kernels: [channelAndMultiplier(6)],
  },
  {
    layer: 'SeparableConv2D',
    make: () =>
      alone(layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2, inputShape: [5, 5, 3] })),
    kernels: [channelAndMultiplier(6), last('pointwise_kernel', 4)],
  },
  {
    layer: 'Embedding',
    make: () => alone(layers.embedding({ inputDim: 13, outputDim: 4, inputLength: 6 })),
    kernels: [last('embeddings', 4)],
  },
  {
    layer: 'SimpleRNN',
    make: () => alone(layers.simpleRNN({ units: 3, inputShape: [5, 11], recurrentInitializer })),
    kernels: [last('kernel', 3), last('recurrent_kernel', 3)],
  },
  {
    layer: 'GRU',
    make: () => alone(layers.gru({ units: 3, inputShape: [5, 11], recurrentInitializer })),
    kernels: [last('kernel', 9), last('recurrent_kernel', 9)],
  },
  {
    layer: 'LSTM',
    make: () => alone(layers.lstm({ units: 3, inputShape: [5, 11], recurrentInitializer })),
    kernels: [last('kernel', 12), last('recurrent_kernel', 12)],
  },
  {
    layer: 'ConvLSTM2D',
    make: () =>
      alone(layers.convLstm2d({ filters: 2, kernelSize: 2, inputShape: [3, 5, 5, 2], recurrentInitializer })),
    kernels: [last('kernel', 8), last('recurrent_kernel', 8)],
  },
]
