/**
 * Adam on tfjs's WebGPU backend: three programs a parameter, where it takes twelve of tfjs's operations. On a GPU a small network's step
 * costs what it costs to ask for its programs, and most of these were Adam's.
 */
import type { AdamSpec } from '@laperm/core'
import { adamFactors } from '@laperm/core/kernel'
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import type { TensorOptimizer } from './inner-update.ts'

const threads = 64

/** What a program computes for each element, from its inputs and its uniforms, by their names. */
interface Elementwise {
  readonly inputs: readonly string[]
  readonly uniforms: readonly string[]
  /** WGSL; `x` is the element of input x, `uniforms.u` the uniform u. */
  readonly value: string
}

const steps = {
  firstMoment: {
    inputs: ['m', 'g'],
    uniforms: ['kept', 'added'],
    value: 'uniforms.kept * m + uniforms.added * g',
  },
  secondMoment: {
    inputs: ['v', 'g'],
    uniforms: ['kept', 'added'],
    value: 'uniforms.kept * v + uniforms.added * (g * g)',
  },
  weights: {
    inputs: ['w', 'm', 'v'],
    uniforms: ['rate', 'epsilon'],
    value: 'w - uniforms.rate * m / (sqrt(v) + uniforms.epsilon)',
  },
} as const satisfies Record<string, Elementwise>

const programOf = (name: keyof typeof steps, shape: readonly number[]): WebGPUProgram => {
  const { inputs, uniforms, value } = steps[name]
  const size = tf.util.sizeFromShape([...shape])
  const components = size % 4 === 0 ? 4 : 1
  return {
    // A binding must not be called as the element that is read from it.
    variableNames: inputs.map((each) => `all_${each}`),
    variableComponents: inputs.map(() => components),
    outputComponent: components,
    outputShape: [...shape],
    size: true,
    uniforms: uniforms.map((each) => `${each} : f32,`).join(' '),
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(size / components / threads), 1, 1],
    shaderKey: `laperm_adam_${name}_${components}`,
    getUserCode: () => `
fn main(index : i32) {
  if (index < uniforms.size) {
    ${inputs.map((each) => `let ${each} = all_${each}[index];`).join(' ')}
    result[index] = ${value};
  }
}`,
  }
}

/** The equations of `makeTensorOptimizer`'s Adam, in float32; a device may round them otherwise than one operation after the other. */
export const makeWebGpuAdam = (backend: WebGPUBackend, spec: AdamSpec): TensorOptimizer => {
  const run = (
    name: keyof typeof steps,
    inputs: readonly tf.Tensor[],
    factors: readonly number[],
  ): tf.Tensor => {
    const info = backend.runWebGPUProgram(
      programOf(name, inputs[0].shape),
      [...inputs],
      'float32',
      factors.map((factor) => ({ type: 'float32', data: [factor] })),
    )
    return tf.engine().makeTensorFromTensorInfo(info, backend)
  }
  return {
    slotNames: ['m', 'v'],
    atStep: (learningRate, step) => {
      const { oldM, newM, oldV, newV, rate, epsilon } = adamFactors(spec, learningRate, step)
      return (weights, gradient, [m, v]) => {
        const nextM = run('firstMoment', [m, gradient], [oldM, newM])
        const nextV = run('secondMoment', [v, gradient], [oldV, newV])
        return { weights: run('weights', [weights, nextM, nextV], [rate, epsilon]), slots: [nextM, nextV] }
      }
    },
  }
}
