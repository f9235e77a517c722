/**
 * A second engine for tests: flatten, dense, relu and softmax cross-entropy in plain loops, with core's own optimizers and core's own
 * synchronization. Slow, small, and independent of every real engine, so that agreement with one means something.
 */
import {
  DivergedError,
  type Gradients,
  type InnerOptimizerState,
  isTrainable,
  makeInnerOptimizer,
  type Optimizer,
  type Params,
  sort,
  sync,
  type WeightVectors,
  weightVectorsSize,
} from '@laperm/core'
import { type Batch, type Engine, makeTrainSession, type SessionWork } from '@laperm/engine'
import type { Layer } from '@laperm/models'
import { either as E } from 'fp-ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

/** @throws DivergedError naming the weight that is NaN. */
const synced = (sorted: WeightVectors, { name, values, shape }: Params[number]): Float32Array => {
  const result = sync(sorted, vectors(values, shape), name)
  if (E.isRight(result)) return result.right.values
  if (result.left._tag === 'Diverged') throw new DivergedError(result.left.vector, result.left.index, name)
  throw new Error(JSON.stringify(result.left))
}

const vectors = (values: Float32Array, shape: readonly number[]): WeightVectors => ({
  values,
  ...weightVectorsSize(shape),
})

interface Pass {
  readonly lossSum: number
  readonly correct: number
  readonly gradients: Gradients
}

/** Forward, and backward with the mean gradient of the batch. */
const passThrough = (layers: readonly Layer[], params: Params, batch: Batch): Pass => {
  const { size, labels } = batch
  // Activations before each layer, and which kernel (and bias) a dense layer has.
  const activations: Float64Array[] = [Float64Array.from(batch.inputs.subarray(0))]
  const widths = [batch.inputs.length / size]
  const denseAt: number[] = []
  let next = 0
  for (const layer of layers) {
    const input = activations[activations.length - 1]
    const width = widths[widths.length - 1]
    denseAt.push(next)
    if (layer.kind === 'dense') {
      const kernel = params[next++].values
      const bias = layer.useBias ? params[next++].values : null
      const output = new Float64Array(size * layer.units)
      for (let n = 0; n < size; n++) {
        const row = output.subarray(n * layer.units, (n + 1) * layer.units)
        if (bias !== null) row.set(bias)
        for (let i = 0; i < width; i++) {
          const x = input[n * width + i]
          if (x !== 0) for (let j = 0; j < layer.units; j++) row[j] += x * kernel[i * layer.units + j]
        }
      }
      activations.push(output)
      widths.push(layer.units)
    } else {
      activations.push(layer.kind === 'relu' ? input.map((x) => Math.max(0, x)) : input)
      widths.push(width)
    }
  }
  const logits = activations[activations.length - 1]
  const classes = widths[widths.length - 1]
  let delta = new Float64Array(size * classes)
  let lossSum = 0
  let correct = 0
  for (let n = 0; n < size; n++) {
    const row = logits.subarray(n * classes, (n + 1) * classes)
    const largest = Math.max(...row)
    const total = row.reduce((sum, x) => sum + Math.exp(x - largest), 0)
    if (row.indexOf(largest) === labels[n]) correct++
    lossSum += Math.log(total) - (row[labels[n]] - largest)
    for (let j = 0; j < classes; j++)
      delta[n * classes + j] = (Math.exp(row[j] - largest) / total - (j === labels[n] ? 1 : 0)) / size
  }
  const gradients: Float32Array[] = params.map(({ values }) => new Float32Array(values.length))
  for (let at = layers.length - 1; at >= 0; at--) {
    const layer = layers[at]
    const input = activations[at]
    const width = widths[at]
    if (layer.kind === 'relu') delta = delta.map((d, i) => (input[i] > 0 ? d : 0))
    if (layer.kind !== 'dense') continue
    const kernel = params[denseAt[at]].values
    const units = layer.units
    const kernelGradient = Float64Array.from(kernel, (w) => 2 * layer.l2 * w)
    const before = new Float64Array(size * width)
    const isFirst = denseAt[at] === 0
    for (let n = 0; n < size; n++) {
      const row = delta.subarray(n * units, (n + 1) * units)
      if (layer.useBias) for (let j = 0; j < units; j++) gradients[denseAt[at] + 1][j] += row[j]
      for (let i = 0; i < width; i++) {
        const x = input[n * width + i]
        if (x !== 0) for (let j = 0; j < units; j++) kernelGradient[i * units + j] += x * row[j]
        if (isFirst) continue
        let sum = 0
        for (let j = 0; j < units; j++) sum += kernel[i * units + j] * row[j]
        before[n * width + i] = sum
      }
    }
    gradients[denseAt[at]].set(kernelGradient)
    delta = before
  }
  return { lossSum, correct, gradients }
}

/** What a test may do to a running session. */
export interface DenseEngineOptions {
  /** Turn a weight into NaN after this step, as a diverging run does. */
  readonly poisonAfterStep?: number
  /** Which parameter; default: the first. */
  readonly poisonParameter?: number
}

/** The engine. Dropout, convolution and batch normalization are beyond it. */
export const makeDenseEngine = (engineOptions: DenseEngineOptions = {}): Engine => ({
  name: 'dense-test-engine',
  describe: 'plain loops',
  bits: {},
  compile: (inferred, options) => async () => {
    const { layers } = inferred.model
    let rate = 0
    const optimizer: Optimizer<InnerOptimizerState> = makeInnerOptimizer(options.innerOptimizer, () => rate)
    let params: Params = []
    let state: InnerOptimizerState = { step: 0, slots: {} }
    let sorted: readonly WeightVectors[] = []
    let slow: readonly Float32Array[] = []
    const copy = (from: Params): Params => from.map((p) => ({ ...p, values: p.values.slice() }))
    const trainable = (): Params => params.filter(({ role }) => isTrainable(role))
    const work: SessionWork = {
      initialize: async (initial) => {
        params = copy(initial)
        state = optimizer.init(params)
        sorted = params.map(({ values, shape }) => must(sort(vectors(values, shape))))
        slow = options.outerUpdate.kind === 'lookahead' ? trainable().map(({ values }) => values.slice()) : []
      },
      trainStep: async (batch, learningRate, step) => {
        rate = learningRate
        const { lossSum, correct, gradients } = passThrough(layers, params, batch)
        ;[params, state] = optimizer.step(gradients, { ...state, step: step - 1 }, params)
        if (step === engineOptions.poisonAfterStep)
          params[engineOptions.poisonParameter ?? 0].values[0] = Number.NaN
        return { loss: lossSum / batch.size, correct }
      },
      evaluate: async (batch) => {
        const { lossSum, correct } = passThrough(layers, params, batch)
        return { lossSum, correct, size: batch.size }
      },
      sync: async () => {
        const { outerUpdate } = options
        if (outerUpdate.kind === 'permute')
          params = params.map((p, i) =>
            outerUpdate.roles.includes(p.role) ? { ...p, values: synced(sorted[i], p) } : p,
          )
        if (outerUpdate.kind === 'lookahead') {
          slow = trainable().map(({ values }, i) =>
            slow[i].map((s, j) => s + outerUpdate.slowStepSize * (values[j] - s)),
          )
          let at = 0
          params = params.map((p) => (isTrainable(p.role) ? { ...p, values: slow[at++].slice() } : p))
        }
      },
      readParams: async () => copy(params),
      readState: async () => ({
        params: copy(params),
        slots: Object.fromEntries(
          Object.entries(state.slots).map(([name, arrays]) => [name, arrays.map((a) => a.slice())]),
        ),
        slow: slow.map((values) => values.slice()),
      }),
      writeState: async (saved) => {
        params = copy(saved.params)
        state = { step: 0, slots: saved.slots }
        slow = saved.slow
      },
      dispose: async () => undefined,
    }
    return E.right(makeTrainSession('dense-test-engine', inferred, options, work))
  },
})
