/**
 * How tfjs lays a `[length, count]` matrix out in a texture, and the GLSL to read and write it there.
 *
 * An unpacked texture has one weight per texel, row-major. A packed one, which most programs of tfjs write, has two rows of two columns per texel. Both
 * are read without unpacking.
 */
import type { WeightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/**
 * Where a weight's texel is. In `rows` and `pairs` a row of the texture is a row, or a pair of rows, of the matrix; in `flat` and `flatPairs` texels are
 * numbered without gaps and wrap at the texture's width. `pairs` and `flatPairs` are packed.
 */
export type Arrangement = 'rows' | 'flat' | 'pairs' | 'flatPairs'

/** A matrix in a texture. */
export interface PlacedMatrix {
  readonly arrangement: Arrangement
  readonly texture: WebGLTexture
  /** Physical size of the texture, texels. */
  readonly width: number
  readonly height: number
  /** First weight within a shared texture: tfjs's slices are views. */
  readonly offset: number
  /** Texels in one pair of rows. */
  readonly texelsPerPair: number
}

/** Whether two rows of two columns share a texel. */
export const isPacked = (arrangement: Arrangement): boolean =>
  arrangement === 'pairs' || arrangement === 'flatPairs'

/** A tensor whose matrix is in a texture, and how to free what was made for the view. */
export interface MatrixView {
  readonly info: TensorInfo
  readonly matrix: PlacedMatrix
  readonly release: () => void
}

/** tfjs pairs rows within each matrix of the last two axes; where that has an even number of rows, all rows of the tensor are paired in turn. */
const pairsThroughout = (shape: readonly number[], { length, count }: WeightVectorsSize): boolean => {
  const [rows, columns] = shape.slice(-2)
  return shape.length >= 2 && columns === count && (rows === length || rows % 2 === 0)
}

/** The matrix of a tensor that is on the GPU; undefined where its packing does not follow the matrix's rows. */
export const placedMatrix = (
  backend: MathBackendWebGL,
  info: TensorInfo,
  size: WeightVectorsSize,
): PlacedMatrix | undefined => {
  backend.uploadToGPU(info.dataId)
  const { texture, isPacked: packed, shape, slice } = backend.texData.get(info.dataId)
  if (texture === undefined || texture === null) throw new Error('tfjs made no texture')
  const [height, width] = texture.texShape
  const common = { texture: texture.texture, width, height, offset: slice?.flatOffset ?? 0 }
  const texelsPerPair = Math.ceil(size.count / 2)
  if (packed === true) {
    if (!pairsThroughout(shape, size)) return undefined
    return { ...common, arrangement: width === texelsPerPair ? 'pairs' : 'flatPairs', texelsPerPair }
  }
  const isAligned = width === size.count && common.offset === 0
  return { ...common, arrangement: isAligned ? 'rows' : 'flat', texelsPerPair }
}

/** View a tensor as a matrix; tfjs unpacks it where its pairs do not follow the matrix's rows. */
export const viewMatrix = (
  backend: MathBackendWebGL,
  info: TensorInfo,
  size: WeightVectorsSize,
): MatrixView => {
  const matrix = placedMatrix(backend, info, size)
  if (matrix !== undefined) return { info, matrix, release: () => {} }
  const unpacked = backend.unpackTensor(info)
  const placed = placedMatrix(backend, unpacked, size)
  if (placed === undefined) throw new Error('tfjs left an unpacked tensor packed')
  return { info: unpacked, matrix: placed, release: () => backend.disposeIntermediateTensorInfo(unpacked) }
}

const texelOf: Readonly<Record<Arrangement, (name: string) => string>> = {
  rows: () => 'return ivec2(column, row);',
  pairs: () => 'return ivec2(column >> 1, row >> 1);',
  flat: (name) => `int at = row * vectorCount + column + ${name}Place.y;
  return ivec2(at % ${name}Place.x, at / ${name}Place.x);`,
  flatPairs: (name) => `int at = (row >> 1) * ${name}Place.z + (column >> 1);
  return ivec2(at % ${name}Place.x, at / ${name}Place.x);`,
}

/**
 * GLSL that reads a matrix: `numberOfX(row, column)`, `bitsOfX(row, column)`, and `bitsOfPairX(row, column)`, which reads an even row and the next one;
 * the second value is arbitrary where there is no next row.
 */
export const readMatrix = (name: string, arrangement: Arrangement): string => `
uniform sampler2D ${name};
uniform ivec3 ${name}Place;
ivec2 texelOf${name}(int row, int column) {
  ${texelOf[arrangement](name)}
}
${
  isPacked(arrangement)
    ? `
vec4 fourOf${name}(int row, int column) { return texelFetch(${name}, texelOf${name}(row, column), 0); }
float numberOf${name}(int row, int column) {
  vec4 four = fourOf${name}(row, column);
  vec2 pair = (row & 1) == 0 ? four.xy : four.zw;
  return (column & 1) == 0 ? pair.x : pair.y;
}
ivec2 bitsOfPair${name}(int row, int column) {
  ivec4 four = floatBitsToInt(fourOf${name}(row, column));
  return (column & 1) == 0 ? four.xz : four.yw;
}`
    : `
float numberOf${name}(int row, int column) { return texelFetch(${name}, texelOf${name}(row, column), 0).r; }
ivec2 bitsOfPair${name}(int row, int column) {
  return floatBitsToInt(vec2(numberOf${name}(row, column), numberOf${name}(row + 1, column)));
}`
}
int bitsOf${name}(int row, int column) { return floatBitsToInt(numberOf${name}(row, column)); }
`

const rowAndColumn: Readonly<Record<Arrangement, string>> = {
  rows: 'int row = at.y; int column = at.x;',
  pairs: 'int row = at.y << 1; int column = at.x << 1;',
  flat: `int element = at.y * outPlace.x + at.x;
  int row = element / vectorCount; int column = element - row * vectorCount;`,
  flatPairs: `int element = at.y * outPlace.x + at.x;
  int pair = element / outPlace.z;
  int row = pair << 1; int column = (element - pair * outPlace.z) << 1;`,
}

/**
 * GLSL `main` that writes a matrix, given `float compute(int row, int column)`: the columns from `outColumns.x` to before `.y` only.
 * Parts of a packed texel beyond the matrix are written as zero, as tfjs requires.
 *
 * @param inLoop whether a packed texel's four weights are computed in a loop: slower than without, but large code is compiled once.
 */
export const writeMatrix = (arrangement: Arrangement, inLoop = true): string => `
uniform ivec3 outPlace;
uniform ivec2 outColumns;
out vec4 result;
${
  isPacked(arrangement)
    ? 'float orZero(int row, int column) { return row < vectorLength && column < vectorCount ? compute(row, column) : 0.0; }'
    : ''
}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ${rowAndColumn[arrangement]}
  if (column < outColumns.x || column >= outColumns.y) discard;
  result = vec4(0.0);
  ${
    isPacked(arrangement)
      ? inLoop
        ? 'for (int i = 0; i < 4; i++) result = vec4(result.yzw, orZero(row + (i >> 1), column + (i & 1)));'
        : 'result = vec4(orZero(row, column), orZero(row, column + 1), orZero(row + 1, column), orZero(row + 1, column + 1));'
      : 'if (row < vectorLength) result.r = compute(row, column);'
  }
}`

/** The uniforms that {@link readMatrix} and {@link writeMatrix} want, by the name's prefix. */
export const placeUniform = ({ width, offset, texelsPerPair }: PlacedMatrix): readonly number[] => [
  width,
  offset,
  texelsPerPair,
]
