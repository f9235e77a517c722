import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  inferShapes,
  type Layer,
  type Model,
  maxPool2d,
  relu,
  renderModelError,
  residual,
  softmax,
  windowOutputSize,
  windowPadding,
} from '../src/index.ts'

const model = (inputShape: readonly number[], ...layers: readonly Layer[]): Model => ({
  name: 'test',
  inputShape,
  layers,
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
})

const failure = (bad: Model): string => {
  const result = inferShapes(bad)
  return E.isLeft(result) ? renderModelError(result.left) : 'no error'
}

describe('inferShapes', () => {
  it('gives every layer its shapes and its parameters Keras fans', () => {
    const result = inferShapes(
      model(
        [9, 8, 3],
        conv2d(4, 3, { strides: 2, padding: 'same' }),
        batchNorm(),
        relu,
        maxPool2d(2),
        flatten,
        dropout(0.5),
        dense(5),
        softmax,
      ),
    )
    if (E.isLeft(result)) throw new Error(renderModelError(result.left))
    // same: ceil(9/2) x ceil(8/2); pool 2 valid: floor((5-2)/2)+1 = 2 and 2; flatten 2*2*4 = 16
    expect(result.right.layers.map(({ outputShape }) => outputShape)).toEqual([
      [5, 4, 4],
      [5, 4, 4],
      [5, 4, 4],
      [2, 2, 4],
      [16],
      [16],
      [5],
      [5],
    ])
    expect(
      result.right.parameters.map(({ name, shape, fanIn, fanOut }) => ({ name, shape, fanIn, fanOut })),
    ).toEqual([
      { name: 'conv1/kernel', shape: [3, 3, 3, 4], fanIn: 27, fanOut: 36 },
      { name: 'conv1/bias', shape: [4], fanIn: 4, fanOut: 4 },
      { name: 'batchNorm1/gamma', shape: [4], fanIn: 4, fanOut: 4 },
      { name: 'batchNorm1/beta', shape: [4], fanIn: 4, fanOut: 4 },
      { name: 'batchNorm1/movingMean', shape: [4], fanIn: 4, fanOut: 4 },
      { name: 'batchNorm1/movingVariance', shape: [4], fanIn: 4, fanOut: 4 },
      { name: 'dense1/kernel', shape: [16, 5], fanIn: 16, fanOut: 5 },
      { name: 'dense1/bias', shape: [5], fanIn: 5, fanOut: 5 },
    ])
  })

  it('says the L2 factor of every parameter: the kernel of a layer that has one, else 0', () => {
    const result = inferShapes(
      model([2, 2, 1], residual([conv2d(1, 1, { l2: 1e-3 })]), batchNorm(), flatten, dense(3, { l2: 1e-4 })),
    )
    if (E.isLeft(result)) throw new Error(renderModelError(result.left))
    expect(result.right.parameters.map(({ name, l2 }) => [name, l2])).toEqual([
      ['conv1/kernel', 1e-3],
      ['conv1/bias', 0],
      ['batchNorm1/gamma', 0],
      ['batchNorm1/beta', 0],
      ['batchNorm1/movingMean', 0],
      ['batchNorm1/movingVariance', 0],
      ['dense1/kernel', 1e-4],
      ['dense1/bias', 0],
    ])
  })

  it('numbers layers through residual branches, body first', () => {
    const result = inferShapes(
      model(
        [4, 4, 2],
        residual([conv2d(3, 3, { padding: 'same' })], [conv2d(3, 1)]),
        avgPool2d(4),
        flatten,
        dense(2),
      ),
    )
    if (E.isLeft(result)) throw new Error(renderModelError(result.left))
    expect(result.right.parameters.map(({ name }) => name)).toEqual([
      'conv1/kernel',
      'conv1/bias',
      'conv2/kernel',
      'conv2/bias',
      'dense1/kernel',
      'dense1/bias',
    ])
    expect(result.right.parameters[2].shape).toEqual([1, 1, 2, 3])
  })

  it.each([
    ['a kernel larger than its input', model([4, 4, 1], conv2d(2, 5)), 'layer conv1', "use padding 'same'"],
    ['a dense layer on an image', model([4, 4, 1], conv2d(2, 3), dense(3)), 'layer dense1', 'flatten'],
    ['a convolution on a vector', model([16], conv2d(2, 3)), 'layer conv1', '[height, width, channels]'],
    ['softmax in the middle', model([4], softmax, dense(3)), 'layer softmax1', 'last layer'],
    ['a dropout rate of 1', model([4], dropout(1)), 'layers[0].rate is 1', '[0, 1)'],
    ['zero units', model([4], dense(0)), 'layers[0].units is 0', 'positive integer'],
    [
      'branches that do not add up',
      model([4, 4, 2], residual([conv2d(3, 1)])),
      'layer residual1 (layers[0])',
      'projection',
    ],
    [
      'a layer in a branch',
      model([4, 4, 2], relu, residual([relu, dense(3)])),
      'layer dense1 (layers[1].body[1])',
      'flatten',
    ],
    // 2^16 * 2^15 = 2^31 weights in one layer; 2^30 + 2^30 in two; 2^31 values of an image without weights.
    ['too many weights', model([65_536], dense(32_768)), 'layer dense1', '2147516416'],
    ['too many in all', model([32_768], dense(32_768), dense(32_768)), 'layer dense2', 'at most 2147483647'],
    ['too large an image', model([65_536, 32_768], flatten), 'layer flatten1', '2147483648'],
    ['a negative l2', model([4], dense(2, { l2: -1 })), 'layers[0].l2 is -1', '>= 0'],
    ['no layers', model([4]), 'layers is a list of 0', 'at least one layer'],
    ['an empty input', model([0], dense(2)), 'inputShape[0] is 0', 'positive integer'],
  ])('%s is an error that says where and names the rule', (_, bad, where, rule) => {
    expect(failure(bad)).toContain(where)
    expect(failure(bad)).toContain(rule)
  })
})

describe('TensorFlow padding', () => {
  // stride 2, kernel 5, input 24: out 12, total (12-1)*2+5-24 = 3 -> 1 before, 2 after. Input 9, kernel 3: out 5, total 2 -> 1, 1.
  it.each([
    [24, 5, 2, [1, 2]],
    [9, 3, 2, [1, 1]],
    [8, 3, 2, [0, 1]],
    [8, 1, 2, [0, 0]],
    [7, 3, 1, [1, 1]],
  ] as const)('same over %i with window %i and stride %i pads %j', (input, window, stride, padding) => {
    expect(windowPadding(input, window, stride, 'same')).toEqual(padding)
  })

  it('covers the input exactly: out = floor((in + padding - window) / stride) + 1', () => {
    for (let input = 1; input <= 20; input++)
      for (let window = 1; window <= 6; window++)
        for (let stride = 1; stride <= window; stride++) {
          const [before, after] = windowPadding(input, window, stride, 'same')
          expect(Math.floor((input + before + after - window) / stride) + 1).toBe(
            windowOutputSize(input, window, stride, 'same'),
          )
        }
  })
})
