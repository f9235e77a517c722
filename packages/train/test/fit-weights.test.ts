import type { ParameterRole } from '@laperm/core'
import type { StoredTensor } from '@laperm/formats'
import {
  batchNorm,
  conv2d,
  dense,
  flatten,
  inferShapes,
  type Layer,
  maxPool2d,
  relu,
  residual,
  softmax,
} from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { channelsLast, ourAxes, transposed } from '../src/foreign-weights/kernel-order.ts'
import { fitWeights, renderWeightsMisfit, type WeightsFit } from '../src/index.ts'

const inferred = (layers: readonly Layer[]) => {
  const model = inferShapes({
    name: 'net',
    inputShape: [4, 4, 1],
    layers,
    initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
    permutedRoles: ['kernel'],
  })
  if (E.isLeft(model)) throw new Error(JSON.stringify(model.left))
  return model.right
}

/** A tensor whose values count from `first`. */
const tensor = (
  layer: string,
  role: ParameterRole | null,
  shape: readonly number[],
  first = 0,
  neuronAxes: readonly number[] = shape.length < 2 ? [] : [shape.length - 1],
): StoredTensor => ({
  name: `${layer}/${role}`,
  layer,
  role,
  shape,
  neuronAxes,
  dtype: 'F32',
  read: async () =>
    E.right(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i)),
})
const zeros = (layer: string, role: ParameterRole, shape: readonly number[]): StoredTensor => ({
  ...tensor(layer, role, shape),
  read: async () => E.right(new Float32Array(shape.reduce((a, b) => a * b, 1))),
})

const fitted = async (...given: Parameters<typeof fitWeights>): Promise<WeightsFit> => {
  const fit = await fitWeights(...given)()
  if (E.isLeft(fit)) throw new Error(JSON.stringify(fit.left))
  return fit.right
}
const problemsOf = async (...given: Parameters<typeof fitWeights>): Promise<readonly string[]> => {
  const fit = await fitWeights(...given)()
  return E.isLeft(fit) && fit.left._tag === 'WeightsMisfit' ? fit.left.problems : []
}

describe('the order of axes', () => {
  test("PyTorch's [out, in, kh, kw] and transposed [in, out, kh, kw] become [kh, kw, in, out]", () => {
    expect(ourAxes(4, 0)).toEqual([2, 3, 1, 0])
    expect(ourAxes(4, 1)).toEqual([2, 3, 0, 1])
    expect(ourAxes(4, 3)).toEqual([0, 1, 2, 3])
    expect(ourAxes(2, 0)).toEqual([1, 0])
  })

  test('a transposed matrix has its rows as columns', () => {
    expect([...transposed(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 0])]).toEqual([1, 4, 2, 5, 3, 6])
  })

  test('a flattened image goes from pixels fastest to channels fastest', () => {
    // Channels 0 and 1 of a 1 x 2 image: c0p0 c0p1 c1p0 c1p1, one column.
    expect([...channelsLast(Float32Array.of(1, 2, 3, 4), [1, 2, 2])]).toEqual([1, 3, 2, 4])
  })
})

describe('layers go by order, kind and shape', () => {
  const net = inferred([
    conv2d(2, 3, { padding: 'same' }),
    residual([conv2d(2, 3, { padding: 'same' }), relu], [conv2d(2, 1)]),
    flatten,
    dense(3),
    softmax,
  ])

  test('a shortcut may come anywhere; equal shapes keep their order', async () => {
    const { params } = await fitted('x', net, [
      tensor('dense', 'kernel', [32, 3], 500),
      tensor('dense', 'bias', [3], 600),
      tensor('a_shortcut', 'kernel', [1, 1, 2, 2], 300),
      tensor('a_shortcut', 'bias', [2], 400),
      tensor('first', 'kernel', [3, 3, 1, 2], 100),
      tensor('first', 'bias', [2], 150),
      tensor('second', 'kernel', [3, 3, 2, 2], 200),
      tensor('second', 'bias', [2], 250),
    ])
    expect(params.map(({ name, values }) => `${name} ${values[0]}`)).toEqual([
      'conv1/kernel 100',
      'conv1/bias 150',
      'conv2/kernel 200',
      'conv2/bias 250',
      'conv3/kernel 300',
      'conv3/bias 400',
      'dense1/kernel 500',
      'dense1/bias 600',
    ])
    expect(params.map(({ name, shape, role }) => `${name} ${shape} ${role}`)).toEqual(
      net.parameters.map(({ name, shape, role }) => `${name} ${shape} ${role}`),
    )
  })
})

const small = inferred([flatten, dense(2, { useBias: false }), dense(2), softmax])

test('a bias that the model has not is accepted where it is all zeros, one that the file has not is zeros: both are said', async () => {
  const { params, notes, assignments } = await fitted('x', small, [
    tensor('a', 'kernel', [16, 2]),
    zeros('a', 'bias', [2]),
    tensor('b', 'kernel', [2, 2]),
  ])
  expect(notes).toEqual([
    "'a/bias' [2]: the model has no such bias; it is all zeros, so nothing is lost",
    'dense2/bias: the file has none, so it is zeros, which change nothing',
  ])
  expect([...params[2].values]).toEqual([0, 0])
  expect(assignments[2]).toEqual({ parameter: 'dense2/bias', shape: [2], tensor: null, change: 'zeros' })
})

test('every place that does not fit is named', async () => {
  const problems = await problemsOf('x', small, [
    tensor('a', 'kernel', [16, 2]),
    tensor('a', 'bias', [2]),
    tensor('b', 'kernel', [3, 2]),
    tensor('c', null, [7]),
  ])
  expect(problems).toEqual([
    "'a/bias' [2]: dense1 of the model has no bias",
    "dense2/kernel [2, 2]: the file has no dense layer of this shape left; its next one is 'b/kernel' [3, 2]",
    "'c/null' [7]: neither the file nor its name says what it is for",
    "'b/kernel' [3, 2]: the model has no place left for it",
  ])
  const text = renderWeightsMisfit({
    _tag: 'WeightsMisfit',
    path: 'x',
    model: 'net',
    problems: [...problems, ...problems],
  })
  expect(text).toMatch(/^x does not fit the model net: 'a\/bias' .*; and 2 more places\.$/)
})

test('a bias of another length, and moving averages that are not there, do not fit', async () => {
  const net = inferred([conv2d(2, 3), batchNorm(), flatten, dense(2), softmax])
  expect(
    await problemsOf('x', net, [
      tensor('c', 'kernel', [3, 3, 1, 2]),
      tensor('c', 'bias', [3]),
      tensor('n', 'gamma', [2]),
      tensor('n', 'movingMean', [2]),
      tensor('d', 'kernel', [8, 2]),
      tensor('d', 'bias', [2]),
    ]),
  ).toEqual([
    "conv1/bias [2]: 'c/bias' is [3]",
    "batchNorm1/movingVariance [2]: layer 'n' of the file has none",
  ])
})

test("PyTorch's dense layers are transposed, and their rows reordered after a flattened image", async () => {
  // After the pool an image of 2 x 2 with 2 channels is laid flat.
  const net = inferred([
    conv2d(2, 3, { padding: 'same', useBias: false }),
    maxPool2d(2),
    flatten,
    dense(1, { useBias: false }),
    softmax,
  ])
  const file = [tensor('c', 'kernel', [2, 1, 3, 3], 0, [0]), tensor('d', 'kernel', [1, 8], 0, [0])]
  const first = await fitted('x', net, file)
  // Rows were c0p0 .. c0p3 c1p0 .. c1p3 with the values 0 to 7.
  expect([...first.params[1].values]).toEqual([0, 4, 1, 5, 2, 6, 3, 7])
  expect(first.assignments.map(({ change }) => change)).toEqual([
    'from [out, in, kh, kw]',
    'from [out, in], inputs from channels first (NCHW) to channels last',
  ])
  // The first kernel's nine weights of neuron 0, then of neuron 1.
  expect([...first.params[0].values].slice(0, 4)).toEqual([0, 9, 1, 10])
  const second = await fitted('x', net, file, 'channels-last')
  expect([...second.params[1].values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('a depthwise kernel is no convolution of ours, whatever its shape', async () => {
  const net = inferred([conv2d(2, 3, { useBias: false }), flatten, dense(2), softmax])
  const problems = await problemsOf('x', net, [
    tensor('c', 'kernel', [3, 3, 1, 2], 0, [2, 3]),
    tensor('d', 'kernel', [8, 2]),
    tensor('d', 'bias', [2]),
  ])
  expect(problems).toHaveLength(2)
})

test('NaN is said, and kept', async () => {
  const net = inferred([flatten, dense(1, { useBias: false }), softmax])
  const values = new Float32Array(16).fill(Number.NaN, 3, 5)
  const { notes, params } = await fitted('x', net, [
    { ...tensor('a', 'kernel', [16, 1]), read: async () => E.right(values) },
  ])
  expect(notes).toEqual(['a/kernel: 2 of 16 weights are NaN or infinite'])
  expect(params[0].values[4]).toBeNaN()
})
