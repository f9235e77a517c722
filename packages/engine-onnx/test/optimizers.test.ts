import { randomValues, relativeError } from '@laperm/conformance/engine'
import {
  type AdamSpec,
  adamSpec,
  type InnerOptimizerSpec,
  makeInnerOptimizer,
  type Params,
  sgdSpec,
} from '@laperm/core'
import { describe, expect, it } from 'vitest'
import { encodeModel } from '../src/onnx/encode.ts'
import { makeGraphBuilder } from '../src/onnx/graph-builder.ts'
import { makeGraphOptimizer } from '../src/optimizers/make-graph-optimizer.ts'
import { loadOnnxRuntime } from '../src/runtime/load-onnxruntime.ts'

const size = 1000
const steps = 100
const learningRateAt = (step: number): number => 0.01 * 0.97 ** step

/** Gradients of very different sizes, some of them zero: where epsilon stands shows where they are tiny. */
const gradientAt = (step: number): Float32Array =>
  randomValues(size, step).map((value, i) => (i % 10 === 0 ? 0 : value * 10 ** -(i % 8)))

/** The parameters after some steps of the graph, and after as many of core's reference. */
const race = async (spec: InnerOptimizerSpec) => {
  const ort = await loadOnnxRuntime()
  const optimizer = makeGraphOptimizer(spec)
  const graph = makeGraphBuilder('optimizer')
  const vector = (name: string) => graph.input(name, 'float32', [size])
  const scalars = optimizer.scalarNames.map((name) => graph.input(name, 'float32', []))
  const next = optimizer.append(
    graph,
    vector('params'),
    vector('gradient'),
    optimizer.slotNames.map(vector),
    scalars,
  )
  graph.output('next', next.params)
  optimizer.slotNames.forEach((slot, i) => {
    graph.output(`next ${slot}`, next.slots[i])
  })
  const session = await ort.InferenceSession.create(encodeModel(graph.build()), { intraOpNumThreads: 1 })

  const initial = randomValues(size, 1)
  let feeds: Record<string, Float32Array> = { params: initial }
  for (const slot of optimizer.slotNames) feeds[slot] = new Float32Array(size)
  let params: Params = [{ name: 'w/kernel', shape: [10, 100], role: 'kernel', values: initial }]
  const reference = makeInnerOptimizer(spec, learningRateAt)
  let state = reference.init(params)
  for (let step = 1; step <= steps; step++) {
    const gradient = gradientAt(step)
    const given = optimizer.scalarsAt(learningRateAt(step), step)
    const outputs = await session.run({
      gradient: new ort.Tensor('float32', gradient, [size]),
      ...Object.fromEntries(
        Object.entries(feeds).map(([name, values]) => [name, new ort.Tensor('float32', values, [size])]),
      ),
      ...Object.fromEntries(
        optimizer.scalarNames.map((name, i) => [name, new ort.Tensor('float32', [given[i]], [])]),
      ),
    })
    feeds = { params: outputs['next'].data as Float32Array }
    for (const slot of optimizer.slotNames) feeds[slot] = outputs[`next ${slot}`].data as Float32Array
    ;[params, state] = reference.step([gradient], state, params)
  }
  await session.release()
  return { feeds, params: params[0].values, slots: state.slots, initial }
}

const specs: readonly (readonly [string, InnerOptimizerSpec])[] = [
  ['SGD', sgdSpec],
  ['momentum', { kind: 'momentum', momentum: 0.9, nesterov: false }],
  ['Nesterov momentum', { kind: 'momentum', momentum: 0.9, nesterov: true }],
  ["Adam with Keras's epsilon", adamSpec],
  ["Adam with tfjs's epsilon", { ...adamSpec, epsilonPlacement: 'tfjs' }],
  ['Adam with other settings', { ...adamSpec, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }],
]

describe('an inner optimizer as graph operators', () => {
  /** Core rounds once a step, the graph once an operation: some 5 roundings of 6e-8 each, 100 times, in both directions. */
  it.each(specs)('equals the reference to 1e-6 over 100 steps: %s', async (_, spec) => {
    const { feeds, params, slots } = await race(spec)
    expect(relativeError(feeds['params'], params)).toBeLessThan(1e-6)
    for (const [slot, [values]] of Object.entries(slots))
      expect(relativeError(feeds[slot], values), slot).toBeLessThan(1e-6)
  })

  it('puts the epsilon where it is told to', async () => {
    const withPlacement = (epsilonPlacement: AdamSpec['epsilonPlacement']) =>
      race({ ...adamSpec, epsilon: 1e-4, epsilonPlacement })
    const keras = await withPlacement('keras')
    const tfjs = await withPlacement('tfjs')
    expect(relativeError(keras.feeds['params'], tfjs.params)).toBeGreaterThan(1e-3)
    expect(relativeError(tfjs.feeds['params'], tfjs.params)).toBeLessThan(1e-6)
  })
})
