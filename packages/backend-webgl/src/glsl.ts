/**
 * The GLSL that every program of this package begins with: weights as bits, and order keys of bits.
 *
 * Only integers are compared, so a driver's float arithmetic, which may flush subnormals or order NaN anywhere, cannot change the order. They are
 * signed, because software renderers compare signed integers in one instruction.
 */

/** The largest key: of every NaN, and of rows beyond the end of a vector. */
export const largestKey = '0x7fffffff'

/** Ascending signed integers for ascending floats: -0 and +0 share one key, every NaN is last. */
export const order = `
int keyOf(int bits) {
  int magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return ${largestKey};
  return magnitude == 0 ? 0 : bits ^ ((bits >> 31) & 0x7fffffff);
}
float numberOfKey(int key) {
  if (key == ${largestKey}) return intBitsToFloat(0x7fc00000);
  return intBitsToFloat(key ^ ((key >> 31) & 0x7fffffff));
}
`

/** One triangle that covers the target. */
export const vertexShader = `#version 300 es
void main() {
  gl_Position = vec4(float((gl_VertexID & 1) << 2) - 1.0, float((gl_VertexID & 2) << 1) - 1.0, 0.0, 1.0);
}`

/** Version, precisions, and the size of the matrix. */
export const prologue = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp isampler2DArray;
uniform int vectorLength;
uniform int vectorCount;
`
