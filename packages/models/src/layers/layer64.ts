/** What a layer computes, by its definition: forward and backward in float64, plain loops, channels last. Engines are checked against it. */

/** A tensor in float64, row-major; the first axis is the batch. */
export interface Tensor64 {
  readonly values: Float64Array
  /** `[batch, height, width, channels]`, or `[batch, n]`. */
  readonly shape: readonly number[]
}

/** What a layer gives, and how gradients go back through it. */
export interface Applied {
  readonly y: Tensor64
  /** From dL/dy to dL/dx, and to dL/dparameter by role. */
  readonly pullback: (dy: Float64Array) => {
    readonly dx: Float64Array
    readonly parameters: Readonly<Record<string, Float64Array>>
  }
  /** New moving averages, by role; none by default. */
  readonly moving?: Readonly<Record<string, Float64Array>>
}

/** Where a layer is applied. */
export interface Site64 {
  readonly x: Tensor64
  /** Without the batch axis. */
  readonly outputShape: readonly number[]
  /** A parameter of the layer by its role; none for a role that it has not. */
  readonly parameter: (role: string) => Float64Array
  /** What dropout multiplies by: 0 or the scale of what is kept. */
  readonly mask: () => Float64Array
  /** Apply the layers of a branch to `x`; the way back adds their gradients. */
  readonly applyBranch: (branch: 'body' | 'shortcut') => Pass64
}

/** What layers give, one after the other, and the way from dL/dy to dL/dx, which hands over gradients of parameters. */
export interface Pass64 {
  readonly y: Tensor64
  /** From dL/dy to dL/dx. */
  readonly back: (dy: Float64Array) => Float64Array
}

/** Number of values of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)
