/**
 * The GLSL that every program of this package begins with: weights as bits, bits as order.
 *
 * All comparisons are between unsigned integers, so that no driver's float arithmetic (which may flush subnormals, or treat NaN as it
 * likes) has a say in the order. Textures are read with `texelFetch` by flat index: an unpacked tfjs texture holds its tensor row-major.
 */

/** A tensor that a program reads: `bitsOfX(i)` and `numberAtX(i)` read element `i`, row-major. */
const reader = (name: string): string => `
float numberAt${name}(int element) {
  int at = element + offset${name};
  int width = ${name}TexShape[1];
  return texelFetch(${name}, ivec2(at % width, at / width), 0).r;
}
uint bitsOf${name}(int element) { return floatBitsToUint(numberAt${name}(element)); }
`

/** Ascending unsigned integers for ascending floats: -0 and +0 share one key, every NaN is last. */
const order = `
uint keyOf(uint bits) {
  uint magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return 0xffffffffu;
  if (magnitude == 0u) return 0x80000000u;
  return bits == magnitude ? bits | 0x80000000u : ~bits;
}
int outputElement() { return int(gl_FragCoord.y) * outTexShape[1] + int(gl_FragCoord.x); }
`

/** Writes a value as it is, but every zero as +0: what \`sort\` promises. */
const ordered = `
float withPositiveZero(uint bits) { return (bits & 0x7fffffffu) == 0u ? 0.0 : uintBitsToFloat(bits); }
`

/**
 * A whole fragment shader body for tfjs: readers for the named tensors, the order, and the given code.
 *
 * @param tensors the program's variable names.
 * @param code GLSL that defines `float compute(int row, int column)`.
 */
export const makeUserCode = (tensors: readonly string[], code: string): string => `
${tensors.map(reader).join('')}${order}${ordered}${code}
void main() {
  int element = outputElement();
  if (element >= vectorLength * vectorCount) { setOutput(0.0); return; }
  int row = element / vectorCount;
  setOutput(compute(row, element - row * vectorCount));
}
`
