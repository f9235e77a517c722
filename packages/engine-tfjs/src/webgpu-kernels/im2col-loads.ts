/**
 * How an implicit im2col reads: WGSL functions over tfjs's bindings `x` (`[n, h, w, Cin]`) and `dy` (`[n, oh, ow, Cout]`), their shapes,
 * and the uniforms `pads`, `strides`, `kernelWidth` and `patchSize` (`KH KW Cin`).
 */

/** Numbers that a load takes at once: four where they are neighbours in memory and divide the channels. */
export type Components = 1 | 4

/**
 * WGSL of `patchAt`, four neighbours in a patch, and `dyAt`, four neighbours of dy: zeros beyond the image, the patch, the filters and `end`.
 *
 * A corner is (row, column, offset in x) of the first value of the patch at a place, a tap that of a patch's value from there. The two are
 * divided out of their indices ahead of time; in their sum, a place outside the image is found by two comparisons.
 *
 * @param ofX 4 needs input channels that are a multiple of 4: then four neighbours in a patch are four channels of one tap.
 * @param ofDy 4 needs filters that are a multiple of 4.
 */
export const im2colLoads = (ofX: Components, ofDy: Components): string => `
const nowhere = 0x3fffffff;

fn cornerOf(place : i32, end : i32) -> vec3<i32> {
  if (place >= end) { return vec3<i32>(nowhere, 0, 0); }
  let line = place / uniforms.dyShape.z;
  let image = line / uniforms.dyShape.y;
  let top = (line - image * uniforms.dyShape.y) * uniforms.strides.x - uniforms.pads.x;
  let left = (place - line * uniforms.dyShape.z) * uniforms.strides.y - uniforms.pads.y;
  return vec3<i32>(top, left, ((image * uniforms.xShape.y + top) * uniforms.xShape.z + left) * uniforms.xShape.w);
}

fn tapOf(row : i32) -> vec3<i32> {
  if (row >= uniforms.patchSize) { return vec3<i32>(nowhere, 0, 0); }
  let tap = row / uniforms.xShape.w;
  let down = tap / uniforms.kernelWidth;
  let along = tap - down * uniforms.kernelWidth;
  return vec3<i32>(down, along, (down * uniforms.xShape.z + along - tap) * uniforms.xShape.w + row);
}

fn isInside(at : vec3<i32>) -> bool {
  return u32(at.x) < u32(uniforms.xShape.y) && u32(at.y) < u32(uniforms.xShape.z);
}
${
  ofX === 4
    ? `
fn patchAt(corner : vec3<i32>, tap0 : vec3<i32>) -> vec4<f32> {
  let at = corner + tap0;
  if (isInside(at)) { return x[at.z >> 2u]; }
  return vec4<f32>();
}`
    : `
fn xAt(at : vec3<i32>) -> f32 {
  if (isInside(at)) { return x[at.z]; }
  return 0.0;
}
fn patchAt(corner : vec3<i32>, tap0 : vec3<i32>, tap1 : vec3<i32>, tap2 : vec3<i32>, tap3 : vec3<i32>) -> vec4<f32> {
  return vec4<f32>(xAt(corner + tap0), xAt(corner + tap1), xAt(corner + tap2), xAt(corner + tap3));
}`
}

fn dyAt(place : i32, end : i32, column : i32) -> vec4<f32> {
  let filters = uniforms.dyShape.w;
  var values = vec4<f32>();
  if (place < end && column < filters) {
    let at = place * filters + column;
    ${
      ofDy === 4
        ? 'values = dy[at >> 2u];'
        : `values.x = dy[at];
    if (column + 1 < filters) { values.y = dy[at + 1]; }
    if (column + 2 < filters) { values.z = dy[at + 2]; }
    if (column + 3 < filters) { values.w = dy[at + 3]; }`
    }
  }
  return values;
}`
