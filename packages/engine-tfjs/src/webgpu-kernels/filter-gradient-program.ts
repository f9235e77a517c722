/**
 * The gradient of a convolution's kernel as an implicit matrix product: WGSL for tfjs's WebGPU backend.
 *
 * `dW[r, f] = sum over places p = (n, oh, ow) of patch(p)[r] dy[p, f]` where `r = (kh, kw, c)` and `patch(p)` is what the kernel sees at p:
 * `x[n, oh s - top + kh, ow s - left + kw, c]`, zero beyond the image ("im2col", never written out).
 */
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu'
import { type Components, im2colLoads } from './im2col-loads.ts'
import { depth, type SplitK } from './split-k.ts'

/** Declarations of the uniforms, in the order in which they are given; tfjs adds the shapes of x and dy. */
const uniforms =
  'pads : vec2<i32>, strides : vec2<i32>, kernelWidth : i32, patchSize : i32, chunkSteps : i32,'

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

/** Writes four neighbours of a row of the result, as far as there are so many. */
const store = (ofDy: Components): string => `
fn store(chunk : i32, row : i32, column : i32, sum : vec4<f32>) {
  let filters = uniforms.dyShape.w;
  if (row >= uniforms.patchSize || column >= filters) { return; }
  let at = (chunk * uniforms.patchSize + row) * filters + column;
  ${
    ofDy === 4
      ? 'result[at >> 2u] = sum;'
      : 'for (var i = 0; i < min(4, filters - column); i++) { result[at + i] = sum[i]; }'
  }
}`

/**
 * Each thread keeps 4 or 8 rows of 4 columns in registers. A workgroup brings 16 places at a time to its memory: their patches and their
 * gradients, 8 KiB at most.
 */
const product = (split: SplitK, threads: number, ofX: Components): string => {
  const [rowVectors, columnVectors] = [split.tileRows / 4, split.tileColumns / 4]
  const groups = threads / columnVectors
  const ownVectors = rowVectors / groups
  const taps = ofX === 4 ? 1 : 4
  const tapNames = Array.from({ length: taps }, (_, i) => `tap${i}`).join(', ')
  return `
var<workgroup> corners : array<vec3<i32>, ${depth}>;
var<workgroup> patches : array<vec4<f32>, ${depth * rowVectors}>;
var<workgroup> gradients : array<vec4<f32>, ${depth * columnVectors}>;

fn main() {
  let local = i32(localIndex);
  let chunk = i32(workgroupId.z);
  let row = i32(workgroupId.y) * ${split.tileRows};
  let column = i32(workgroupId.x) * ${split.tileColumns};
  let start = chunk * uniforms.chunkSteps * ${depth};
  let end = min(start + uniforms.chunkSteps * ${depth}, uniforms.dyShape.x * uniforms.dyShape.y * uniforms.dyShape.z);
  ${lines(taps, (i) => `let tap${i} = tapOf(row + local % ${rowVectors} * 4 + ${i});`)}
  let patchPlace = local / ${rowVectors};
  let lane = local % ${columnVectors};
  let group = local / ${columnVectors};
  ${lines(4 * ownVectors, (i) => `var sum${i} = vec4<f32>();`)}
  if (local < ${depth}) { corners[local] = cornerOf(start + local, end); }
  for (var step = 0; step < uniforms.chunkSteps; step++) {
    let first = start + step * ${depth};
    workgroupBarrier();
    ${lines(
      (depth * rowVectors) / threads,
      (i) =>
        `patches[local + ${i * threads}] = patchAt(corners[patchPlace + ${(i * threads) / rowVectors}], ${tapNames});`,
    )}
    ${lines(
      depth / groups,
      (i) =>
        `gradients[local + ${i * threads}] = dyAt(first + group + ${i * groups}, end, column + lane * 4);`,
    )}
    workgroupBarrier();
    if (local < ${depth}) { corners[local] = cornerOf(first + ${depth} + local, end); }
    for (var k = 0; k < ${depth}; k++) {
      let gradient = gradients[k * ${columnVectors} + lane];
      ${lines(
        ownVectors,
        (v) => `let patch${v} = patches[k * ${rowVectors} + ${v * groups} + group];
      ${lines(4, (i) => `sum${4 * v + i} += patch${v}[${i}] * gradient;`)}`,
      )}
    }
  }
  ${lines(4 * ownVectors, (i) => `store(chunk, row + (${(i >> 2) * groups} + group) * 4 + ${i % 4}, column + lane * 4, sum${i});`)}
}`
}

/**
 * The partial sums of every chunk, `[chunks, KH KW Cin, Cout]`.
 *
 * Inputs: x `[n, h, w, Cin]` and dy `[n, oh, ow, Cout]`, float32; uniforms: pads, strides, the kernel's width, `KH KW Cin`, and how many
 * times 16 places a chunk has. Cost: `2 n oh ow KH KW Cin Cout` operations; x is read `KH KW Cout / 64` times, dy `KH KW Cin / 64` times.
 */
export const filterGradientProgram = (
  split: SplitK,
  rows: number,
  columns: number,
  ofX: Components,
  ofDy: Components,
): WebGPUProgram => {
  const threads = split.tileColumns * 2
  return {
    variableNames: ['x', 'dy'],
    variableComponents: [ofX, ofDy],
    outputComponent: ofDy,
    outputShape: [split.chunks, rows, columns],
    uniforms,
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: [2], y: [1], z: [0] },
    dispatch: [Math.ceil(columns / split.tileColumns), Math.ceil(rows / split.tileRows), split.chunks],
    shaderKey: `laperm_filterGradient_${split.tileRows}x${split.tileColumns}_${ofX}_${ofDy}`,
    getUserCode: () => `${im2colLoads(ofX, ofDy)}${store(ofDy)}${product(split, threads, ofX)}`,
  }
}
