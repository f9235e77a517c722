/** Adds partial sums in a fixed order: WGSL for tfjs's WebGPU backend. No atomics, whose order changes from run to run. */
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu'

const threads = 256

/** Fewer chunks are added by one thread a value, one after the other. */
const manyChunks = 32

/**
 * Sums of the chunks, `[size]`, of partial sums `[chunks, ...]` of `size` values each, float32.
 *
 * Value i is the sum of 32 sums, the k-th of which is that of the chunks k, k + 32, ... in their order; the 32 are added in pairs. With
 * fewer than 32 chunks it is their sum in their order. Cost: `chunks size` additions; every partial sum is read once.
 */
export const sumProgram = (chunks: number, size: number): WebGPUProgram => {
  const components = size % 4 === 0 ? 4 : 1
  const type = components === 4 ? 'vec4<f32>' : 'f32'
  const slices = chunks < manyChunks ? 1 : manyChunks
  const lanes = threads / slices
  return {
    variableNames: ['partialSums'],
    variableComponents: [components],
    outputComponent: components,
    outputShape: [size],
    size: true,
    workgroupSize: [lanes, slices, 1],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(size / components / lanes), 1, 1],
    shaderKey: `laperm_sumOfChunks_${components}_${slices}`,
    getUserCode: () => `
var<workgroup> sums : array<${type}, ${threads}>;

fn main(index : i32) {
  let slice = i32(localId.y);
  var sum = ${type}();
  if (index < uniforms.size) {
    for (var chunk = slice; chunk < uniforms.partialSumsShape.x; chunk += ${slices}) {
      sum += partialSums[chunk * uniforms.size + index];
    }
  }
  sums[localIndex] = sum;
  for (var apart = ${(slices / 2) | 0}; apart > 0; apart /= 2) {
    workgroupBarrier();
    if (slice < apart) { sums[localIndex] += sums[i32(localIndex) + apart * ${lanes}]; }
  }
  if (slice == 0 && index < uniforms.size) { result[index] = sums[localIndex]; }
}`,
  }
}
