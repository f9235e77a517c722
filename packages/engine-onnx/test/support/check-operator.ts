/** Runs one operator, forward and backward, against its float64 reference. */

import { randomValues } from '@laperm/conformance/engine'
import type { Applied } from '@laperm/models/reference'
import { makeTape } from '../../src/autodiff/tape.ts'
import type { Tensor } from '../../src/onnx/graph-builder.ts'
import { type Activation, batchAxis, type Trace } from '../../src/operators/activation.ts'
import { toBlocked, toChannelsLast } from '../../src/operators/layout.ts'
import { expectClose } from './compare.ts'
import { type Fed, runGraph } from './run-graph.ts'

/**
 * Relative to the largest value of the array. Sums have at most about 5,000 terms: their float32 rounding errors (6e-8 each) add up
 * like a random walk to some 4e-6. A wrong index or factor is off by 1e-2 and more.
 */
const tolerance = 1e-5

export interface OperatorCase {
  /** Channels in a block; the input is blocked where its channels fill blocks. */
  readonly block?: number | undefined
  readonly shape: readonly number[]
  readonly batch: number
  readonly values: Float32Array
  /** Parameters by role. `mask` is not differentiated. */
  readonly parameters: Readonly<Record<string, Fed>>
  readonly append: (
    trace: Trace,
    x: Activation,
    parameters: Readonly<Record<string, Tensor>>,
    inverseBatchSize: Tensor,
  ) => Activation
  readonly reference: Applied
}

/** The graph holds the one operator, with the gradient of its output as an input: nothing else can hide or cause an error. */
export const checkOperator = async ({
  block,
  shape,
  batch,
  values,
  parameters,
  append,
  reference,
}: OperatorCase): Promise<void> => {
  // A seed that no input has: for a dy that is a multiple of x batch normalization's dx is nothing but rounding.
  const dy = randomValues(reference.y.values.length, -9)
  const outputs = await runGraph(
    (graph) => {
      const tape = makeTape(graph)
      const trace: Trace = { graph, tape, isTraining: true, block }
      const x = graph.input('x', 'float32', [batchAxis, ...shape])
      const handles = Object.fromEntries(
        Object.entries(parameters).map(([role, fed]) => [
          role,
          graph.input(role, 'float32', role === 'mask' ? [batchAxis, ...fed.shape.slice(1)] : fed.shape),
        ]),
      )
      const inverseBatchSize = graph.input('inverseBatchSize', 'float32', [])
      const given: Activation = { tensor: x, layout: shape.length === 3 ? 'nhwc' : 'flat', shape }
      const fillsBlocks = block !== undefined && shape.length === 3 && shape[2] % block === 0
      const input = fillsBlocks ? toBlocked(trace, given) : given
      const y = toChannelsLast(trace, append(trace, input, handles, inverseBatchSize))
      const seed = graph.input('dy', 'float32', y.tensor.shape)
      const roles = Object.keys(parameters).filter((role) => role !== 'mask')
      const gradients = tape.backward(y.tensor, seed, [x, ...roles.map((role) => handles[role])])
      graph.output('y', y.tensor)
      for (const [i, name] of ['x', ...roles].entries()) {
        const gradient = gradients[i]
        if (gradient === undefined) throw new Error(`no gradient for ${name}`)
        graph.output(`d ${name}`, gradient)
      }
    },
    {
      ...parameters,
      x: { values, shape: [batch, ...shape] },
      dy: { values: dy, shape: reference.y.shape },
      inverseBatchSize: { values: Float32Array.of(1 / batch), shape: [] },
    },
  )
  const expected = reference.pullback(Float64Array.from(dy))
  expectClose('y', outputs['y'], reference.y.values, tolerance)
  expectClose('dx', outputs['d x'], expected.dx, tolerance)
  for (const [role, gradient] of Object.entries(expected.parameters))
    expectClose(`d${role}`, outputs[`d ${role}`], gradient, tolerance)
}
