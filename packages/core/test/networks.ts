/** Small networks for property tests: parameters of every role, with the values that make ordering hard. */
import fc from 'fast-check'
import type { Gradients, Parameter, ParameterRole, Params } from '../src/parameter.ts'

/** Ties, both zeros, subnormals, infinities left out: a float32 that a network could hold. */
export const weight: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true, min: -4, max: 4 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 0.03125, -0.5, 1) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** -149, -(2 ** -149), 2 ** -126, 3.4028234663852886e38) },
)

export const valuesOf = (size: number): fc.Arbitrary<Float32Array> =>
  fc.oneof(
    fc.array(weight, { minLength: size, maxLength: size }).map((values) => Float32Array.from(values)),
    // Sparse and shared, as in Sections 5.4 and 5.5.
    fc
      .array(fc.boolean(), { minLength: size, maxLength: size })
      .map((kept) => Float32Array.from(kept, (keep) => (keep ? 0.03 : 0))),
  )

export const parameterOf = (
  name: string,
  role: ParameterRole,
  shape: readonly number[],
): fc.Arbitrary<Parameter> =>
  valuesOf(shape.reduce((product, axis) => product * axis, 1)).map((values) => ({
    name,
    role,
    shape,
    values,
  }))

/** A convolution with bias and batch normalization, and a dense layer. */
export const network: fc.Arbitrary<Params> = fc
  .record({
    side: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 4 }),
    outputs: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ side, inputs, outputs }) =>
    fc.tuple(
      parameterOf('conv1/kernel', 'kernel', [side, side, inputs, outputs]),
      parameterOf('conv1/bias', 'bias', [outputs]),
      parameterOf('batchNorm1/gamma', 'gamma', [outputs]),
      parameterOf('batchNorm1/beta', 'beta', [outputs]),
      parameterOf('batchNorm1/movingMean', 'movingMean', [outputs]),
      parameterOf('batchNorm1/movingVariance', 'movingVariance', [outputs]),
      parameterOf('dense1/kernel', 'kernel', [outputs, 3]),
    ),
  )

/** Gradients for a network as a function of a stream of numbers; some are exactly zero, as after a ReLU. */
export const drawGradients = (params: Params, next: () => number): Gradients =>
  params.map(({ values }) => values.map(() => (next() < 0.2 ? 0 : next() - 0.5)))

/** Weight vector `j` of a `[length, count]` matrix. */
export const columnOf = (values: Float32Array, count: number, j: number): Float32Array =>
  values.filter((_, at) => at % count === j)
