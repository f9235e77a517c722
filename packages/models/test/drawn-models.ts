/** Drawn layers and models for properties. Not every drawn model fits together; every setting keeps its rule. */
import fc from 'fast-check'
import type { Layer, LayersByKind, Model } from '../src/index.ts'

const size2d = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
const padding = fc.constantFrom('valid' as const, 'same' as const)
// JSON has no -0, and a factor of -0 is one of 0.
const factor = fc.double({ min: 0, max: 10, noNaN: true }).map((x) => (x === 0 ? 0 : x))
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((x) => (x === 0 ? 0 : x))
const kind = <Name extends string>(name: Name) => fc.constant(name)
const window = { poolSize: size2d, strides: size2d, padding }

/** One arbitrary a kind: the compiler asks for that of a new one. */
const layerArbitraries = (
  layer: fc.Arbitrary<Layer>,
): { readonly [Name in keyof LayersByKind]: fc.Arbitrary<LayersByKind[Name]> } => ({
  conv2d: fc.record({
    kind: kind('conv2d'),
    filters: fc.integer({ min: 1, max: 5 }),
    kernelSize: size2d,
    strides: size2d,
    padding,
    useBias: fc.boolean(),
    l2: factor,
  }),
  dense: fc.record({
    kind: kind('dense'),
    units: fc.integer({ min: 1, max: 9 }),
    useBias: fc.boolean(),
    l2: factor,
  }),
  batchNorm: fc.record({
    kind: kind('batchNorm'),
    momentum: share,
    epsilon: fc.double({ min: 1e-9, max: 1, noNaN: true }),
  }),
  relu: fc.record({ kind: kind('relu') }),
  maxPool2d: fc.record({ kind: kind('maxPool2d'), ...window }),
  avgPool2d: fc.record({ kind: kind('avgPool2d'), ...window }),
  flatten: fc.record({ kind: kind('flatten') }),
  dropout: fc.record({ kind: kind('dropout'), rate: share }),
  softmax: fc.record({ kind: kind('softmax') }),
  residual: fc.record({
    kind: kind('residual'),
    body: fc.array(layer, { maxLength: 3 }),
    shortcut: fc.array(layer, { maxLength: 2 }),
  }),
})

/** Every kind of layer, residual ones in residual ones too. */
export const drawnLayer: fc.Arbitrary<Layer> = fc.letrec<{ readonly layer: Layer }>((tie) => ({
  layer: fc.oneof({ depthSize: 'small' }, ...Object.values(layerArbitraries(tie('layer')))),
})).layer

const initializer: fc.Arbitrary<Model['initializers']['kernel']> = fc.oneof(
  fc.record({ kind: fc.constantFrom('heUniform', 'glorotNormal', 'equidistant', 'zeros', 'ones') }),
  fc.record({ kind: kind('sharedValue'), value: fc.double({ min: 1e-3, max: 1, noNaN: true }) }),
)

/** Models of drawn layers. */
export const drawnModel: fc.Arbitrary<Model> = fc.record({
  name: fc.stringMatching(/^[a-z\d]([a-z\d.-]{0,10}[A-Z\d])?$/),
  inputShape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
  layers: fc.array(drawnLayer, { minLength: 1, maxLength: 5 }),
  initializers: fc.record({ kernel: initializer, bias: initializer }),
  permutedRoles: fc.subarray(['kernel', 'bias', 'gamma', 'beta'] as const),
})
