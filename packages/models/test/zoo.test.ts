import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  type InferredModel,
  inferShapes,
  type Model,
  recipes,
  type ZooName,
  zoo,
  zooNames,
} from '../src/index.ts'

const inferred = (model: Model): InferredModel => {
  const result = inferShapes(model)
  if (E.isLeft(result)) throw new Error(result.left.reason)
  return result.right
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

const weights = (name: ZooName, roles: readonly string[]): number =>
  inferred(zoo[name])
    .parameters.filter(({ role }) => roles.includes(role))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0)

describe('the networks of the paper', () => {
  // reference.md and Table 1: F1 784*10, F2 784*128 + 128*64 + 64*10, MLP 784*100 + 100*100 + 100*10,
  // the convolutional ones summed by hand from their layer lists; ResNet50 biases: 16 + 16*16 + (16*32 + 32) + (16*64 + 64) + 10.
  it.each([
    ['f1', 7_840, 0],
    ['f2', 109_184, 0],
    ['mlp', 89_400, 210],
    ['conv7', 325_152, 426],
    ['conv2', 4_300_992, 650],
    ['conv4', 2_425_024, 906],
    ['conv13', 14_977_728, 4_746],
    ['resnet50', 754_736, 1_914],
  ] as const)('%s has %i kernel weights and %i biases', (name, kernels, biases) => {
    expect(weights(name, ['kernel'])).toBe(kernels)
    expect(weights(name, ['bias'])).toBe(biases)
  })

  it('all end in ten classes', () => {
    for (const name of zooNames) expect(inferred(zoo[name]).outputShape).toEqual([10])
  })

  it('name every parameter once, by its layer and role', () => {
    for (const name of zooNames) {
      const names = inferred(zoo[name]).parameters.map((parameter) => parameter.name)
      expect(new Set(names).size).toBe(names.length)
    }
    expect(inferred(zoo.f2).parameters.map((parameter) => parameter.name)).toEqual([
      'dense1/kernel',
      'dense2/kernel',
      'dense3/kernel',
    ])
  })

  it('conv7 shrinks 28 to 26, 24, 12 (same, stride 2), 10, 8, 4, 1', () => {
    const convolutions = inferred(zoo.conv7).layers.filter(({ layer }) => layer.kind === 'conv2d')
    expect(convolutions.map(({ outputShape }) => outputShape[0])).toEqual([26, 24, 12, 10, 8, 4, 1])
  })

  it('resnet50 has 50 weighted layers on its main path and a projection at the start of stacks 2 and 3', () => {
    const layers = inferred(zoo.resnet50).layers
    const blocks = layers.filter(({ layer }) => layer.kind === 'residual')
    const weighted = (list: InferredModel['layers']): number =>
      list.filter(({ layer }) => layer.kind === 'conv2d' || layer.kind === 'dense').length
    expect(weighted(layers) + blocks.reduce((sum, block) => sum + weighted(block.body), 0)).toBe(50)
    expect(blocks.map((block) => block.shortcut.length)).toEqual(
      Array.from({ length: 24 }, (_, index) => (index === 8 || index === 16 ? 1 : 0)),
    )
  })

  it('have recipes that name their source', () => {
    for (const { source } of Object.values(recipes)) expect(source).toMatch(/Section \d/)
  })

  it('only F1, F2 and Conv7 permute their biases', () => {
    expect(zooNames.filter((name) => zoo[name].permutedRoles.some((role) => role === 'bias'))).toEqual([
      'f1',
      'f2',
      'conv7',
    ])
  })
})
