/**
 * Every layer in float64 by plain loops, forward and backward: what the engine's operators are checked against.
 *
 * Written from the definitions, channels last, without a thought for speed. Each function gives the output and its pullback.
 */
import { type Conv2dLayer, type MaxPool2dLayer, windowPadding } from '@laperm/models'

/** A tensor in float64, row-major; the first axis is the batch. */
export interface Image64 {
  readonly values: Float64Array
  /** `[batch, height, width, channels]`, or `[batch, n]`. */
  readonly shape: readonly number[]
}

/** What a layer gives, and how gradients go back through it. */
export interface Applied {
  readonly y: Image64
  /** From dL/dy to dL/dx, and to dL/dparameter by role. */
  readonly pullback: (dy: Float64Array) => {
    readonly dx: Float64Array
    readonly parameters: Readonly<Record<string, Float64Array>>
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** `y = x W + b`. */
export const dense64 = (x: Image64, kernel: Float64Array, bias?: Float64Array): Applied => {
  const [batch, inputs] = x.shape
  const units = kernel.length / inputs
  const y = new Float64Array(batch * units)
  for (let n = 0; n < batch; n++)
    for (let u = 0; u < units; u++) {
      let sum = bias?.[u] ?? 0
      for (let i = 0; i < inputs; i++) sum += x.values[n * inputs + i] * kernel[i * units + u]
      y[n * units + u] = sum
    }
  return {
    y: { values: y, shape: [batch, units] },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      const dKernel = new Float64Array(kernel.length)
      const dBias = new Float64Array(units)
      for (let n = 0; n < batch; n++)
        for (let u = 0; u < units; u++) {
          const gradient = dy[n * units + u]
          dBias[u] += gradient
          for (let i = 0; i < inputs; i++) {
            dx[n * inputs + i] += gradient * kernel[i * units + u]
            dKernel[i * units + u] += gradient * x.values[n * inputs + i]
          }
        }
      return { dx, parameters: bias === undefined ? { kernel: dKernel } : { kernel: dKernel, bias: dBias } }
    },
  }
}

type Window = Pick<MaxPool2dLayer, 'poolSize' | 'strides' | 'padding'>

/** Calls `visit` for every place of every window: the output place, the input place, and the place in the window. */
const slide = (
  shape: readonly number[],
  outputSize: readonly number[],
  { poolSize, strides, padding }: Window,
  visit: (n: number, oy: number, ox: number, iy: number, ix: number, ky: number, kx: number) => void,
): void => {
  const [batch, height, width] = shape
  const top = windowPadding(height, poolSize[0], strides[0], padding)[0]
  const left = windowPadding(width, poolSize[1], strides[1], padding)[0]
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outputSize[0]; oy++)
      for (let ox = 0; ox < outputSize[1]; ox++)
        for (let ky = 0; ky < poolSize[0]; ky++)
          for (let kx = 0; kx < poolSize[1]; kx++) {
            const iy = oy * strides[0] - top + ky
            const ix = ox * strides[1] - left + kx
            if (iy >= 0 && iy < height && ix >= 0 && ix < width) visit(n, oy, ox, iy, ix, ky, kx)
          }
}

/** Cross-correlation; kernels are `[height, width, in, out]`. */
export const conv2d64 = (
  x: Image64,
  layer: Pick<Conv2dLayer, 'kernelSize' | 'strides' | 'padding'>,
  outputShape: readonly number[],
  kernel: Float64Array,
  bias?: Float64Array,
): Applied => {
  const [batch, height, width, cin] = x.shape
  const [outHeight, outWidth, cout] = outputShape
  const window: Window = { poolSize: layer.kernelSize, strides: layer.strides, padding: layer.padding }
  const y = new Float64Array(batch * sizeOf(outputShape))
  if (bias !== undefined) for (let i = 0; i < y.length; i++) y[i] = bias[i % cout]
  const each = (visit: (at: number, input: number, weight: number) => void): void =>
    slide(x.shape, outputShape, window, (n, oy, ox, iy, ix, ky, kx) => {
      for (let c = 0; c < cin; c++)
        for (let o = 0; o < cout; o++)
          visit(
            ((n * outHeight + oy) * outWidth + ox) * cout + o,
            ((n * height + iy) * width + ix) * cin + c,
            ((ky * layer.kernelSize[1] + kx) * cin + c) * cout + o,
          )
    })
  each((at, input, weight) => {
    y[at] += x.values[input] * kernel[weight]
  })
  return {
    y: { values: y, shape: [batch, ...outputShape] },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      const dKernel = new Float64Array(kernel.length)
      const dBias = new Float64Array(cout)
      for (let i = 0; i < dy.length; i++) dBias[i % cout] += dy[i]
      each((at, input, weight) => {
        dx[input] += dy[at] * kernel[weight]
        dKernel[weight] += dy[at] * x.values[input]
      })
      return { dx, parameters: bias === undefined ? { kernel: dKernel } : { kernel: dKernel, bias: dBias } }
    },
  }
}

/** The gradient goes to the first of the largest values in row-major order, as TensorFlow's CPU kernel has it. */
export const maxPool64 = (x: Image64, window: Window, outputShape: readonly number[]): Applied => {
  const [batch, height, width, channels] = x.shape
  const [outHeight, outWidth] = outputShape
  const y = new Float64Array(batch * sizeOf(outputShape)).fill(Number.NEGATIVE_INFINITY)
  const winner = new Int32Array(y.length)
  slide(x.shape, outputShape, window, (n, oy, ox, iy, ix) => {
    for (let c = 0; c < channels; c++) {
      const at = ((n * outHeight + oy) * outWidth + ox) * channels + c
      const from = ((n * height + iy) * width + ix) * channels + c
      if (x.values[from] > y[at]) {
        y[at] = x.values[from]
        winner[at] = from
      }
    }
  })
  return {
    y: { values: y, shape: [batch, ...outputShape] },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      dy.forEach((gradient, at) => {
        dx[winner[at]] += gradient
      })
      return { dx, parameters: {} }
    },
  }
}

/** Padded places do not count. */
export const avgPool64 = (x: Image64, window: Window, outputShape: readonly number[]): Applied => {
  const [batch, height, width, channels] = x.shape
  const [outHeight, outWidth] = outputShape
  const y = new Float64Array(batch * sizeOf(outputShape))
  const counts = new Float64Array(outHeight * outWidth)
  slide([1, height, width, 1], outputShape, window, (_, oy, ox) => {
    counts[oy * outWidth + ox]++
  })
  const each = (visit: (at: number, from: number, weight: number) => void): void =>
    slide(x.shape, outputShape, window, (n, oy, ox, iy, ix) => {
      for (let c = 0; c < channels; c++)
        visit(
          ((n * outHeight + oy) * outWidth + ox) * channels + c,
          ((n * height + iy) * width + ix) * channels + c,
          1 / counts[oy * outWidth + ox],
        )
    })
  each((at, from, weight) => {
    y[at] += weight * x.values[from]
  })
  return {
    y: { values: y, shape: [batch, ...outputShape] },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      each((at, from, weight) => {
        dx[from] += weight * dy[at]
      })
      return { dx, parameters: {} }
    },
  }
}

/** Training mode: the batch's own mean and biased variance, over all axes but the last. */
export const batchNorm64 = (
  x: Image64,
  epsilon: number,
  gamma: Float64Array,
  beta: Float64Array,
): Applied & { readonly mean: Float64Array; readonly variance: Float64Array } => {
  const channels = x.shape[x.shape.length - 1]
  const count = x.values.length / channels
  const mean = new Float64Array(channels)
  const variance = new Float64Array(channels)
  x.values.forEach((value, i) => {
    mean[i % channels] += value / count
  })
  x.values.forEach((value, i) => {
    variance[i % channels] += (value - mean[i % channels]) ** 2 / count
  })
  const scale = variance.map((value) => 1 / Math.sqrt(value + epsilon))
  const normalized = x.values.map((value, i) => (value - mean[i % channels]) * scale[i % channels])
  return {
    mean,
    variance,
    y: {
      values: normalized.map((value, i) => gamma[i % channels] * value + beta[i % channels]),
      shape: x.shape,
    },
    pullback: (dy) => {
      const dGamma = new Float64Array(channels)
      const dBeta = new Float64Array(channels)
      dy.forEach((gradient, i) => {
        dGamma[i % channels] += gradient * normalized[i]
        dBeta[i % channels] += gradient
      })
      const dx = dy.map((gradient, i) => {
        const c = i % channels
        return ((gamma[c] * scale[c]) / count) * (count * gradient - dBeta[c] - normalized[i] * dGamma[c])
      })
      return { dx, parameters: { gamma: dGamma, beta: dBeta } }
    },
  }
}

/** `max(x, 0)`. */
export const relu64 = (x: Image64): Applied => ({
  y: { values: x.values.map((value) => Math.max(value, 0)), shape: x.shape },
  pullback: (dy) => ({
    dx: dy.map((gradient, i) => (x.values[i] > 0 ? gradient : 0)),
    parameters: {},
  }),
})

/** Times a mask, which holds 0 or the scale of what is kept. */
export const dropout64 = (x: Image64, mask: Float64Array): Applied => ({
  y: { values: x.values.map((value, i) => value * mask[i]), shape: x.shape },
  pullback: (dy) => ({ dx: dy.map((gradient, i) => gradient * mask[i]), parameters: {} }),
})

/** Mean cross-entropy of softmax(logits), and its gradient. */
export const softmaxCrossEntropy64 = (
  logits: Image64,
  labels: Uint8Array,
): { readonly loss: number; readonly correct: number; readonly gradient: Float64Array } => {
  const [batch, classes] = logits.shape
  const gradient = new Float64Array(logits.values.length)
  let loss = 0
  let correct = 0
  for (let n = 0; n < batch; n++) {
    const row = logits.values.subarray(n * classes, (n + 1) * classes)
    const largest = Math.max(...row)
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0)
    loss -= (row[labels[n]] - largest - Math.log(sum)) / batch
    if (row.indexOf(largest) === labels[n]) correct++
    row.forEach((value, c) => {
      gradient[n * classes + c] = (Math.exp(value - largest) / sum - (c === labels[n] ? 1 : 0)) / batch
    })
  }
  return { loss, correct, gradient }
}
