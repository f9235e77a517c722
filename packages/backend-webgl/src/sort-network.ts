/**
 * A bitonic network (Batcher 1968) over integers in work textures: what each pass compares, and its GLSL.
 *
 * A fragment reads as many texels of four integers as it has outputs, does several steps of the network in registers, and writes all of them: with 8
 * outputs the first pass sorts runs of 32, and each later pass does three to five steps. Of the bits of an entry's index two are its place in the
 * texel, those that a pass compares are the layer that it is written to, and the others number the fragments.
 */

const range = (size: number): readonly number[] => Array.from({ length: size }, (_, i) => i)

/** How many entries a fragment holds: `2 ** layerBits` outputs (4 or 8) of four. */
export type LayerBits = 2 | 3

/** Bits of the index that a fragment's entries differ in. */
export const groupBitsOf = (layerBits: LayerBits): number => layerBits + 2

/** One pass that merges. */
export interface MergePass {
  /** Runs of `2 ** level` entries are sorted once the level's last pass is done. */
  readonly level: number
  readonly isLevelsEnd: boolean
  /** Steps that it does. */
  readonly steps: number
  /** Texel bits below those that its layers stand for, as a mask; and the same of the pass that wrote what it reads. */
  readonly below: number
  readonly belowBefore: number
  /** The texel bit whose entries are sorted in descending order; 0 where all are ascending. */
  readonly turn: number
}

/** Passes after the first, for `2 ** levels` entries. */
export const mergePasses = (levels: number, layerBits: LayerBits): readonly MergePass[] => {
  const groupBits = groupBitsOf(layerBits)
  const passes: MergePass[] = []
  let belowBefore = 0
  for (let level = groupBits + 1; level <= levels; level++) {
    const turn = level === levels ? 0 : 2 ** (level - 2)
    for (let left = level; left > 0; ) {
      const isLevelsEnd = left <= groupBits
      const steps = isLevelsEnd ? left : layerBits
      const below = isLevelsEnd ? 0 : 2 ** (left - groupBits) - 1
      passes.push({ level, isLevelsEnd, steps, below, belowBefore, turn })
      belowBefore = below
      left -= steps
    }
  }
  return passes
}

/**
 * Offsets of a fragment's texels from its first one, as a group and a layer for each. Each bit of a texel's index belongs either to the group or to the
 * layer, so the bits in which the fragment's texels differ can be placed beforehand.
 */
export const texelOffsets = (
  { below, belowBefore }: Pick<MergePass, 'below' | 'belowBefore'>,
  layerBits: LayerBits,
): readonly number[] =>
  range(2 ** layerBits).flatMap((layer) => {
    const texel = layer * (below + 1)
    return [
      (texel & belowBefore) | ((texel >> layerBits) & ~belowBefore),
      Math.floor(texel / (belowBefore + 1)) % 2 ** layerBits,
    ]
  })

const component = (entry: number): string => 'xyzw'[entry & 3]

/** Compare and exchange pairs of entries, the smaller first. Each result is a variable of its own, so that compilers keep it in a register. */
const exchange = (pairs: readonly (readonly [number, number])[], names: string[]): string =>
  pairs
    .map(([low, high], i) => {
      const [smaller, larger] = [`s${i}`, `g${i}`]
      const line = `int ${smaller} = min(${names[low]}, ${names[high]}); int ${larger} = max(${names[low]}, ${names[high]});`
      names[low] = smaller
      names[high] = larger
      return line
    })
    .join('\n')

/** Pairs of Batcher's odd-even merge sort: fewer comparisons than the bitonic network where the whole of it is in registers. */
const oddEvenPairs = (size: number): readonly (readonly [number, number])[] => {
  const pairs: [number, number][] = []
  for (let run = 1; run < size; run *= 2)
    for (let distance = run; distance >= 1; distance /= 2)
      for (let begin = distance % run; begin + distance < size; begin += 2 * distance)
        for (let i = begin; i < begin + distance && i + distance < size; i++)
          if (Math.floor(i / (2 * run)) === Math.floor((i + distance) / (2 * run)))
            pairs.push([i, i + distance])
  return pairs
}

/** Pairs of the last `steps` steps of a merge that starts `2 ** (steps - 1)` places apart. */
const mergePairs = (size: number, distances: readonly number[]): readonly (readonly [number, number])[] =>
  distances.flatMap((distance) =>
    range(size)
      .filter((entry) => (entry & distance) === 0)
      .map((entry) => [entry, entry + distance] as const),
  )

/** Declarations of a fragment's outputs. */
const outputs = (layerBits: LayerBits): string =>
  range(2 ** layerBits)
    .map((layer) => `layout(location = ${layer}) out ivec4 out${layer};`)
    .join('\n')

const sortedOutputs = (layerBits: LayerBits, pairs: readonly (readonly [number, number])[]): string => {
  const names = range(4 * 2 ** layerBits).map((entry) => `in${entry >> 2}.${component(entry)}`)
  const code = exchange(pairs, names)
  const writes = range(2 ** layerBits).map(
    (layer) => `out${layer} = ivec4(${names.slice(4 * layer, 4 * layer + 4).join(', ')}) ^ flip;`,
  )
  return `${code}\n${writes.join('\n')}`
}

/** Where group `g` of a work texture `width` wide lies: the width is a power of two, so no division is needed. */
export const placeInRows = (width: number): string =>
  `ivec2 placeOf(int group) { return ivec2(group & ${width - 1}, group >> ${Math.log2(width)}); }`

/** {@link placeInRows}, and the number of a fragment's group. */
export const groupPlace = (width: number): string =>
  `${placeInRows(width)}
int groupHere() { return int(gl_FragCoord.y) * ${width} + int(gl_FragCoord.x); }`

/**
 * GLSL of the first pass: reads a group of a vector's rows and sorts it, odd groups in descending order.
 *
 * Needs `groups` (a vector's, a power of two), `firstVector`, `endVector`, and `turn` (1, or 0 where a group is the whole vector).
 *
 * @param keys GLSL that defines `ivec2 keysOfPair(int row, int column)`, an even row's key and the next one's.
 */
export const sortGroups = (layerBits: LayerBits, width: number, keys: string): string => `
${outputs(layerBits)}
uniform int groups;
uniform ivec2 vectors;
uniform int turn;
${groupPlace(width)}
${keys}
void main() {
  int group = groupHere();
  int vector = group / groups;
  int number = group - vector * groups;
  int column = vectors.x + vector;
  if (column >= vectors.y) discard;
  int row = number << ${groupBitsOf(layerBits)};
  int flip = (number & turn) != 0 ? -1 : 0;
  ${range(2 ** layerBits)
    .map((layer) => {
      const pair = (offset: number) => `keysOfPair(row + ${4 * layer + offset}, column)`
      return `ivec4 in${layer} = ivec4(${pair(0)}, ${pair(2)}) ^ flip;`
    })
    .join('\n')}
  ${sortedOutputs(layerBits, oddEvenPairs(4 * 2 ** layerBits))}
}`

/**
 * GLSL of a pass that merges. Needs `Entries`, `groups`, `below`, `belowBefore`, `turn`, and
 * `offsets` ({@link texelOffsets}).
 *
 * @param isLevelsEnd whether its last step compares neighbours; otherwise it compares texels only.
 */
export const mergeGroups = (
  layerBits: LayerBits,
  width: number,
  { steps, isLevelsEnd }: Pick<MergePass, 'steps' | 'isLevelsEnd'>,
): string => {
  const nearest = isLevelsEnd ? 1 : 4
  const bits = range(layerBits)
  const distances = range(steps).map((step) => nearest * 2 ** (steps - 1 - step))
  return `
${outputs(layerBits)}
uniform isampler2DArray Entries;
uniform int groups;
uniform int below;
uniform int belowBefore;
uniform int turn;
${groupPlace(width)}
uniform ivec2 offsets[${2 ** layerBits}];
ivec4 texelAt(int group, int layer, ivec2 offset) {
  return texelFetch(Entries, ivec3(placeOf(group + offset.x), layer | offset.y), 0);
}
void main() {
  int group = groupHere();
  int number = group & (groups - 1);
  int base = group - number;
  int texel = (number & below) | ((number & ~below) << ${layerBits});
  int flip = (texel & turn) != 0 ? -1 : 0;
  int layer = ${bits.map((bit) => `(min(texel & (belowBefore + 1) << ${bit}, 1) << ${bit})`).join(' | ')};
  int from = base + ((texel & belowBefore) | ((texel >> ${layerBits}) & ~belowBefore));
  ${range(2 ** layerBits)
    .map((layer) => `ivec4 in${layer} = texelAt(from, layer, offsets[${layer}]) ^ flip;`)
    .join('\n')}
  ${sortedOutputs(layerBits, mergePairs(4 * 2 ** layerBits, distances))}
}`
}
