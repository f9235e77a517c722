/**
 * Shape and parameter inference: walks a model once and gives every layer a name, its shapes and its parameters.
 *
 * Engines compile from this inventory, so that names, order and shapes are the same everywhere.
 */
import type { InitializerSpec, ParameterRole } from '@laperm/core'
import { either as E } from 'fp-ts'
import { invalidLayer, invalidModel, type ModelError } from './errors.ts'
import type { Layer, Model, Padding, Size2d } from './model.ts'

/** One variable of a model, before it has values. */
export interface ParameterSpec {
  /** `<layer>/<role>`, for example `conv1/kernel`. Unique in the model. */
  readonly name: string
  /** Name of the layer that owns it. */
  readonly layer: string
  /** Keras axis order: `[kh, kw, cin, cout]`, `[in, out]`, `[n]`. */
  readonly shape: readonly number[]
  readonly role: ParameterRole
  /** Keras's fans: inputs and outputs a unit has; of a 1-D parameter both are its length. */
  readonly fanIn: number
  readonly fanOut: number
  readonly initializer: InitializerSpec
  /** Factor of its L2 penalty: `l2 * sum(w^2)` is added to the loss; 0 for none. */
  readonly l2: number
}

/** A layer with everything that follows from its place in the model. Shapes are without the batch axis. */
export interface InferredLayer {
  readonly layer: Layer
  readonly name: string
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  readonly parameters: readonly ParameterSpec[]
  /** Of a residual layer: its two branches, inferred; empty otherwise. */
  readonly body: readonly InferredLayer[]
  readonly shortcut: readonly InferredLayer[]
}

/** A whole model, inferred. */
export interface InferredModel {
  readonly model: Model
  readonly layers: readonly InferredLayer[]
  /** Every parameter in layer order; within a residual layer the body comes before the shortcut. */
  readonly parameters: readonly ParameterSpec[]
  readonly outputShape: readonly number[]
}

const layerNameOf: Record<Layer['kind'], string> = {
  conv2d: 'conv',
  dense: 'dense',
  batchNorm: 'batchNorm',
  relu: 'relu',
  maxPool2d: 'maxPool',
  avgPool2d: 'avgPool',
  flatten: 'flatten',
  dropout: 'dropout',
  softmax: 'softmax',
  residual: 'residual',
}

class ModelProblem extends Error {
  readonly problem: ModelError
  constructor(problem: ModelError) {
    super(problem.reason)
    this.problem = problem
  }
}

const isPositiveInteger = (value: number): boolean => Number.isSafeInteger(value) && value > 0

/**
 * Outputs of a window that slides over `input` places.
 *
 * `valid`: `floor((input - window) / stride) + 1`; `same`: `ceil(input / stride)`.
 */
export const windowOutputSize = (input: number, window: number, stride: number, padding: Padding): number =>
  padding === 'same' ? Math.ceil(input / stride) : Math.floor((input - window) / stride) + 1

/** TensorFlow's SAME padding of one axis as `[before, after]`: the odd place goes to the end. `valid` is `[0, 0]`. */
export const windowPadding = (
  input: number,
  window: number,
  stride: number,
  padding: Padding,
): readonly [number, number] => {
  if (padding === 'valid') return [0, 0]
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + window - input)
  const before = Math.floor(total / 2)
  return [before, total - before]
}

/**
 * Infer every layer's name, shapes and parameters.
 *
 * @returns `Left(ModelError)` naming the first layer that does not fit, and why.
 */
export const inferShapes = (model: Model): E.Either<ModelError, InferredModel> => {
  const counters = new Map<string, number>()
  const nameNext = (layer: Layer): string => {
    const base = layerNameOf[layer.kind]
    const next = (counters.get(base) ?? 0) + 1
    counters.set(base, next)
    return `${base}${next}`
  }

  const inferLayer = (layer: Layer, inputShape: readonly number[], isLast: boolean): InferredLayer => {
    const name = nameNext(layer)
    const fail = (reason: string): never => {
      throw new ModelProblem(invalidLayer(model.name, name, reason))
    }
    const parameter = (
      role: ParameterRole,
      shape: readonly number[],
      fanIn: number,
      fanOut: number,
      initializer: InitializerSpec,
      l2 = 0,
    ): ParameterSpec => ({
      name: `${name}/${role}`,
      layer: name,
      shape,
      role,
      fanIn,
      fanOut,
      initializer,
      l2,
    })
    const vector = (role: ParameterRole, size: number, initializer: InitializerSpec): ParameterSpec =>
      parameter(role, [size], size, size, initializer)
    const plain = (
      outputShape: readonly number[],
      parameters: readonly ParameterSpec[] = [],
    ): InferredLayer => ({
      layer,
      name,
      inputShape,
      outputShape,
      parameters,
      body: [],
      shortcut: [],
    })
    const requireImage = (): readonly [number, number, number] => {
      const [height, width, channels] = inputShape
      if (inputShape.length !== 3)
        fail(`needs an input of shape [height, width, channels], got [${inputShape.join(', ')}]`)
      return [height, width, channels]
    }
    const slide = (
      what: string,
      size: Size2d,
      window: Size2d,
      strides: Size2d,
      padding: Padding,
    ): readonly [number, number] => {
      if (![...window, ...strides].every(isPositiveInteger))
        fail(
          `${what} ${window.join('x')} with strides ${strides.join('x')}: all four must be positive integers`,
        )
      const output = [0, 1].map((axis) => windowOutputSize(size[axis], window[axis], strides[axis], padding))
      if (output[0] < 1 || output[1] < 1)
        fail(
          `a ${window.join('x')} ${what} with padding '${padding}' does not fit an input of ${size.join('x')}; use padding 'same' or a smaller ${what}`,
        )
      return [output[0], output[1]]
    }
    const requireL2 = (l2: number): void => {
      if (!(l2 >= 0 && l2 < Number.POSITIVE_INFINITY)) fail(`l2 is ${l2}, but must be a number >= 0`)
    }

    switch (layer.kind) {
      case 'conv2d': {
        const [height, width, channels] = requireImage()
        if (!isPositiveInteger(layer.filters))
          fail(`filters is ${layer.filters}, but must be a positive integer`)
        requireL2(layer.l2)
        const output = slide('kernel', [height, width], layer.kernelSize, layer.strides, layer.padding)
        const area = layer.kernelSize[0] * layer.kernelSize[1]
        return plain(
          [...output, layer.filters],
          [
            parameter(
              'kernel',
              [...layer.kernelSize, channels, layer.filters],
              area * channels,
              area * layer.filters,
              model.initializers.kernel,
              layer.l2,
            ),
            ...(layer.useBias ? [vector('bias', layer.filters, model.initializers.bias)] : []),
          ],
        )
      }
      case 'dense': {
        if (inputShape.length !== 1)
          fail(`needs a flat input, got [${inputShape.join(', ')}]; put a flatten layer before it`)
        if (!isPositiveInteger(layer.units)) fail(`units is ${layer.units}, but must be a positive integer`)
        requireL2(layer.l2)
        return plain(
          [layer.units],
          [
            parameter(
              'kernel',
              [inputShape[0], layer.units],
              inputShape[0],
              layer.units,
              model.initializers.kernel,
              layer.l2,
            ),
            ...(layer.useBias ? [vector('bias', layer.units, model.initializers.bias)] : []),
          ],
        )
      }
      case 'batchNorm': {
        if (!(layer.momentum >= 0 && layer.momentum < 1))
          fail(`momentum is ${layer.momentum}, but must be in [0, 1)`)
        if (!(layer.epsilon > 0)) fail(`epsilon is ${layer.epsilon}, but must be > 0`)
        const channels = inputShape[inputShape.length - 1]
        return plain(inputShape, [
          vector('gamma', channels, { kind: 'ones' }),
          vector('beta', channels, { kind: 'zeros' }),
          vector('movingMean', channels, { kind: 'zeros' }),
          vector('movingVariance', channels, { kind: 'ones' }),
        ])
      }
      case 'maxPool2d':
      case 'avgPool2d': {
        const [height, width, channels] = requireImage()
        const output = slide('pool', [height, width], layer.poolSize, layer.strides, layer.padding)
        return plain([...output, channels])
      }
      case 'relu':
        return plain(inputShape)
      case 'flatten':
        return plain([inputShape.reduce((product, axis) => product * axis, 1)])
      case 'dropout':
        if (!(layer.rate >= 0 && layer.rate < 1)) fail(`rate is ${layer.rate}, but must be in [0, 1)`)
        return plain(inputShape)
      case 'softmax':
        if (!isLast) fail('softmax is only allowed as the last layer of the model')
        return plain(inputShape)
      case 'residual': {
        const body = inferLayers(layer.body, inputShape, false)
        const shortcut = inferLayers(layer.shortcut, inputShape, false)
        if (body.outputShape.join() !== shortcut.outputShape.join())
          fail(
            `the body gives [${body.outputShape.join(', ')}] but the shortcut [${shortcut.outputShape.join(', ')}]; give the shortcut a projection`,
          )
        return {
          layer,
          name,
          inputShape,
          outputShape: body.outputShape,
          parameters: [...body.layers, ...shortcut.layers].flatMap((inner) => inner.parameters),
          body: body.layers,
          shortcut: shortcut.layers,
        }
      }
      default:
        return layer satisfies never
    }
  }

  const inferLayers = (
    layers: readonly Layer[],
    inputShape: readonly number[],
    isModel: boolean,
  ): { readonly layers: readonly InferredLayer[]; readonly outputShape: readonly number[] } => {
    let shape = inputShape
    const inferred = layers.map((layer, index) => {
      const result = inferLayer(layer, shape, isModel && index === layers.length - 1)
      shape = result.outputShape
      return result
    })
    return { layers: inferred, outputShape: shape }
  }

  try {
    if (model.inputShape.length === 0 || !model.inputShape.every(isPositiveInteger))
      return E.left(
        invalidModel(
          model.name,
          `inputShape [${model.inputShape.join(', ')}] must have at least one axis, all positive integers`,
        ),
      )
    if (model.layers.length === 0) return E.left(invalidModel(model.name, 'it has no layers'))
    const { layers, outputShape } = inferLayers(model.layers, model.inputShape, true)
    return E.right({ model, layers, parameters: layers.flatMap((layer) => layer.parameters), outputShape })
  } catch (error) {
    if (error instanceof ModelProblem) return E.left(error.problem)
    throw error
  }
}
