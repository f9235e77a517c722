/**
 * What flows through a network whose weights are all their absolute values, from an input of ones to the sum of its outputs, and how much each weight
 * has to do with it.
 *
 * Relu, dropout and batch normalization in its initial state leave positive values as they are, or nearly; biases are left out. A reference in plain
 * loops: it runs a few times before training, and no engine is needed.
 */
import type { InferredLayer } from '@laperm/models'
import { windowPadding } from '@laperm/models'

/** Absolute weights, and where what is found of them goes, by the parameter's name. */
export interface FlowWeights {
  readonly weights: ReadonlyMap<string, Float64Array>
  readonly gradients: ReadonlyMap<string, Float64Array>
}

/** A layer's output, and the way back from the gradient of its output to that of its input. */
interface Step {
  readonly output: Float64Array
  readonly back: (gradient: Float64Array) => Float64Array
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** Calls back with the places of an output pixel and an input pixel that a window connects, and the window's place. */
const slideOver = (
  [height, width]: readonly number[],
  [outHeight, outWidth]: readonly number[],
  layer: {
    readonly strides: readonly [number, number]
    readonly padding: 'valid' | 'same'
  },
  [windowHeight, windowWidth]: readonly [number, number],
  visit: (output: number, input: number, window: number) => void,
): void => {
  const [top] = windowPadding(height, windowHeight, layer.strides[0], layer.padding)
  const [left] = windowPadding(width, windowWidth, layer.strides[1], layer.padding)
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++)
      for (let dy = 0; dy < windowHeight; dy++) {
        const inY = y * layer.strides[0] + dy - top
        if (inY < 0 || inY >= height) continue
        for (let dx = 0; dx < windowWidth; dx++) {
          const inX = x * layer.strides[1] + dx - left
          if (inX >= 0 && inX < width) visit(y * outWidth + x, inY * width + inX, dy * windowWidth + dx)
        }
      }
}

const kernelName = ({ parameters }: InferredLayer): string =>
  parameters.find(({ role }) => role === 'kernel')?.name ?? ''

/** `cin` by `cout` products at every connection; a dense layer is one connection. */
const multiply = (
  site: InferredLayer,
  { weights, gradients }: FlowWeights,
  input: Float64Array,
  [cin, cout]: readonly [number, number],
  connect: (visit: (output: number, input: number, window: number) => void) => void,
): Step => {
  const name = kernelName(site)
  const kernel = weights.get(name)
  const found = gradients.get(name)
  if (kernel === undefined || found === undefined) throw new TypeError(`${name} has no weights`)
  const output = new Float64Array(sizeOf(site.outputShape))
  connect((to, from, window) => {
    for (let i = 0; i < cin; i++) {
      const value = input[from * cin + i]
      const row = (window * cin + i) * cout
      for (let j = 0; j < cout; j++) output[to * cout + j] += value * kernel[row + j]
    }
  })
  return {
    output,
    back: (gradient) => {
      const given = new Float64Array(input.length)
      connect((to, from, window) => {
        for (let i = 0; i < cin; i++) {
          const value = input[from * cin + i]
          const row = (window * cin + i) * cout
          let sum = 0
          for (let j = 0; j < cout; j++) {
            const arrives = gradient[to * cout + j]
            sum += arrives * kernel[row + j]
            found[row + j] += arrives * value
          }
          given[from * cin + i] += sum
        }
      })
      return given
    },
  }
}

/** Of each channel the window's shares: the largest takes all, or each counts the same. */
const pool = (
  { layer, inputShape, outputShape }: InferredLayer,
  kind: 'max' | 'mean',
  input: Float64Array,
): Step => {
  if (layer.kind !== 'maxPool2d' && layer.kind !== 'avgPool2d') throw new TypeError('no pool')
  const channels = inputShape[2]
  const output = new Float64Array(sizeOf(outputShape))
  const source = new Int32Array(output.length).fill(-1)
  const count = new Float64Array(output.length / channels)
  const connect = (visit: (output: number, input: number) => void) =>
    slideOver(inputShape, outputShape, layer, layer.poolSize, visit)
  connect((to, from) => {
    count[to]++
    for (let c = 0; c < channels; c++) {
      const [o, i] = [to * channels + c, from * channels + c]
      if (kind === 'mean') output[o] += input[i]
      else if (source[o] < 0 || input[i] > output[o]) {
        source[o] = i
        output[o] = input[i]
      }
    }
  })
  if (kind === 'mean') for (let o = 0; o < output.length; o++) output[o] /= count[Math.floor(o / channels)]
  return {
    output,
    back: (gradient) => {
      const given = new Float64Array(input.length)
      if (kind === 'max') for (let o = 0; o < output.length; o++) given[source[o]] += gradient[o]
      else
        connect((to, from) => {
          for (let c = 0; c < channels; c++)
            given[from * channels + c] += gradient[to * channels + c] / count[to]
        })
      return given
    },
  }
}

const same = (input: Float64Array): Step => ({ output: input, back: (gradient) => gradient })

const forward = (site: InferredLayer, flow: FlowWeights, input: Float64Array): Step => {
  const { layer, inputShape, outputShape } = site
  switch (layer.kind) {
    case 'conv2d':
      return multiply(site, flow, input, [inputShape[2], layer.filters], (visit) =>
        slideOver(inputShape, outputShape, layer, layer.kernelSize, visit),
      )
    case 'dense':
      // One pixel whose channels are all inputs.
      return multiply(site, flow, input, [inputShape[0], layer.units], (visit) => visit(0, 0, 0))
    case 'maxPool2d':
      return pool(site, 'max', input)
    case 'avgPool2d':
      return pool(site, 'mean', input)
    case 'residual': {
      const body = forwardAll(site.body, flow, input)
      const shortcut = forwardAll(site.shortcut, flow, input)
      return {
        output: body.output.map((value, i) => value + shortcut.output[i]),
        back: (gradient) => {
          const beside = shortcut.back(gradient)
          return body.back(gradient).map((value, i) => value + beside[i])
        },
      }
    }
    default:
      // What multiplies nothing hands on what arrives.
      if (sizeOf(outputShape) === input.length) return same(input)
      throw new RangeError(`layers of kind ${layer.kind}: no flow is defined through them`)
  }
}

const forwardAll = (layers: readonly InferredLayer[], flow: FlowWeights, input: Float64Array): Step => {
  const steps: Step[] = []
  let value = input
  for (const layer of layers) {
    const step = forward(layer, flow, value)
    steps.push(step)
    value = step.output
  }
  return {
    output: value,
    back: (gradient) => steps.reduceRight((arriving, { back }) => back(arriving), gradient),
  }
}

/**
 * Let ones flow through the network and add the derivative of the outputs' sum to each weight's gradient.
 *
 * @returns the sum of the outputs.
 */
export const positiveFlow = (
  layers: readonly InferredLayer[],
  inputShape: readonly number[],
  flow: FlowWeights,
): number => {
  const { output, back } = forwardAll(layers, flow, new Float64Array(sizeOf(inputShape)).fill(1))
  back(new Float64Array(output.length).fill(1))
  return output.reduce((sum, value) => sum + value, 0)
}
