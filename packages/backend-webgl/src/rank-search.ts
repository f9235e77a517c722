/**
 * GLSL that finds a weight's rank among its vector's sorted keys: a search tree of four-way nodes, and counting of equal keys.
 *
 * The network sorts keys without indices. The first place of a key is the rank of the first weight that has it. Other weights with that key follow in
 * index order, so the rank of such a weight is that place plus the number of equal weights before it. They are counted by searches in sorted runs of
 * earlier rows, which the network keeps at every third level: a few searches per weight, however many ties there are.
 */
import { groupBitsOf, groupPlace, type LayerBits, placeInRows } from './sort-network.ts'

/** Levels of the network whose runs are kept for counting ties, below the last. */
export const keptLevels = (levels: number, layerBits: LayerBits): readonly number[] => {
  const kept: number[] = []
  for (let level = groupBitsOf(layerBits); level < levels; level += 3) kept.push(level)
  return kept
}

/** Slots of a vector's tree in multiples of its groups: one slot for eight keys, of which half are nodes. */
export const slotsPerGroup = (layerBits: LayerBits): number => 2 ** groupBitsOf(layerBits) / 8

/** Children of the root: four, or two where the keys are an odd power of two. */
export const rootChildren = (levels: number): number => (levels % 2 === 0 ? 4 : 2)

const texels = (layerBits: LayerBits): string => `
ivec4 texelOf(isampler2DArray keys, int base, int texel) {
  return texelFetch(keys, ivec3(placeOf(base + (texel >> ${layerBits})), texel & ${2 ** layerBits - 1}), 0);
}`

/**
 * GLSL of the pass that makes the tree. A level of m nodes lies in slots m to 2 m - 1 of its vector: m is 1, then `rootChildren`, then four times as
 * many at each level, down to one node for every four texels. A node holds the largest key below each of its four children. The quarter of the slots
 * before the last level is not used by nodes: it holds, for every 8 texels, whether one of their keys occurs twice.
 *
 * Needs `Entries`, `groups`, `rootChildren`, `vectorLength`.
 */
export const makeTree = (layerBits: LayerBits, width: number): string => `
out ivec4 node;
uniform isampler2DArray Entries;
uniform int groups;
uniform int rootChildren;
${groupPlace(width)}
${texels(layerBits)}
int repeats(int base, int texel, bool wanted) {
  bool found = false;
  ivec4 four = texelOf(Entries, base, texel);
  int end = wanted ? min(texel + 8, (vectorLength + 3) >> 2) : texel;
  for (; texel < end; texel++) {
    ivec4 next = texelOf(Entries, base, min(texel + 1, (groups << ${layerBits}) - 1));
    int pairs = vectorLength - 4 * texel - 1;
    bvec4 equal = equal(four, ivec4(four.yzw, next.x));
    found = found || (equal.x && pairs > 0) || (equal.y && pairs > 1) || (equal.z && pairs > 2) || (equal.w && pairs > 3);
    four = next;
  }
  return found ? 1 : 0;
}
void main() {
  int here = groupHere();
  int slots = groups * ${slotsPerGroup(layerBits)};
  int slot = here & (slots - 1);
  int base = here / slots * groups;
  int nodes = slots >> 1;
  int span = 4;
  for (; nodes > max(slot, 1); nodes = nodes == rootChildren ? 1 : nodes >> 2) span <<= 2;
  int all = slots << 3;
  if (nodes == 1) span = all / rootChildren;
  int firstFlag = slots >> 2;
  bool isFlag = slot >= firstFlag && slot < 2 * firstFlag;
  if (!isFlag && (slot >= 2 * nodes || slot == 0)) discard;
  ivec4 last = min((4 * (slot - nodes) + ivec4(1, 2, 3, 4)) * span, all) - 1 >> 2;
  node = ivec4(texelOf(Entries, base, last.x).w, texelOf(Entries, base, last.y).w,
    texelOf(Entries, base, last.z).w, texelOf(Entries, base, last.w).w);
  int repeated = repeats(base, max(slot - firstFlag, 0) << 3, isFlag);
  if (isFlag) node = ivec4(repeated);
}`

/**
 * GLSL of a vertex shader that draws the result in strips of columns, six vertices each. Strips without a key that occurs twice are placed outside
 * the target.
 *
 * Needs `Tree`, `groups`, `strip` (its columns, its texels in a row), `vectors` (first and end), `outPlace`.
 */
export const tiedStrips = (layerBits: LayerBits, width: number): string => `#version 300 es
precision highp int;
precision highp isampler2D;
uniform isampler2D Tree;
uniform int groups;
uniform ivec2 strip;
uniform ivec2 vectors;
uniform ivec3 outPlace;
${placeInRows(width)}
void main() {
  int number = gl_VertexID / 6;
  int corner = gl_VertexID - 6 * number;
  int slots = groups * ${slotsPerGroup(layerBits)};
  int begin = number * strip.x;
  int end = min(begin + strip.x, vectors.y - vectors.x);
  int flags = slots >> 2;
  bool tied = false;
  for (int vector = begin; vector < end; vector++)
    for (int flag = vector * slots + flags; flag < vector * slots + 2 * flags; flag++)
      tied = tied || texelFetch(Tree, placeOf(flag), 0).x != 0;
  bool right = corner == 1 || corner == 4 || corner == 5;
  bool top = corner == 2 || corner == 3 || corner == 5;
  int edge = (vectors.x / strip.x + number + (right ? 1 : 0)) * strip.y;
  gl_Position = tied
    ? vec4(float(edge) * 2.0 / float(outPlace.x) - 1.0, top ? 1.0 : -1.0, 0.0, 1.0)
    : vec4(2.0, 2.0, 2.0, 1.0);
}`

/** Nodes of each level of the tree, from the root down. */
const treeLevels = (levels: number): readonly number[] => {
  const nodes = [1]
  for (let next = rootChildren(levels); next < 2 ** (levels - 3); next *= 4) nodes.push(next)
  return nodes
}

const searchTree = (layerBits: LayerBits, levels: number): string => `
uniform isampler2DArray Sorted0;
uniform isampler2D Tree;
int smallerIn(ivec4 four, int key) {
  ivec4 smaller = ivec4(lessThan(four, ivec4(key)));
  return smaller.x + smaller.y + smaller.z + smaller.w;
}
// The place of the first of the keys that equal this one, which is among them.
int firstPlace(int vector, int key) {
  int root = vector * ${2 ** (levels - 3)};
  int node = 0;
  ${treeLevels(levels)
    .map((nodes) => `node = 4 * node + smallerIn(texelFetch(Tree, placeOf(root + ${nodes} + node), 0), key);`)
    .join('\n  ')}
  int base = vector * ${2 ** (levels - groupBitsOf(layerBits))};
  return 4 * node + smallerIn(texelOf(Sorted0, base, node), key);
}`

/** Counting in one run: of its texels, from the smallest key on, `ordinal` counts; every second run of the network descends. */
const countInRun = `
int upToIn(ivec4 four, int key) {
  ivec4 upTo = ivec4(lessThanEqual(four, ivec4(key)));
  return upTo.x + upTo.y + upTo.z + upTo.w;
}
ivec4 ascending(isampler2DArray runs, int base, int first, int size, bool descends, int ordinal) {
  ivec4 four = texelOf(runs, base, descends ? first + size - 1 - ordinal : first + ordinal);
  return descends ? four.wzyx : four;
}
int upTo(isampler2DArray runs, int base, int first, int size, bool descends, int key, bool equal) {
  int low = 0;
  int high = size;
  while (low < high) {
    int middle = (low + high) >> 1;
    int last = ascending(runs, base, first, size, descends, middle).w;
    if (last < key || (equal && last == key)) low = middle + 1;
    else high = middle;
  }
  if (low == size) return 4 * size;
  ivec4 four = ascending(runs, base, first, size, descends, low);
  return 4 * low + (equal ? upToIn(four, key) : smallerIn(four, key));
}
int equalIn(isampler2DArray runs, int base, int begin, int level, int key) {
  int first = begin >> 2;
  int size = 1 << (level - 2);
  bool descends = ((begin >> level) & 1) != 0;
  int found = 0;
  for (int bound = 0; bound < 2; bound++) found = upTo(runs, base, first, size, descends, key, bound == 1) - found;
  return found;
}`

const countTies = (layerBits: LayerBits, levels: number): string => {
  const kept = keptLevels(levels, layerBits)
  return `
${kept.map((_, i) => `uniform isampler2DArray Runs${i};`).join('\n')}
${countInRun}
int equalBefore(int base, int row, int column, int key) {
  int begin = 0;
  int equal = 0;
  ${kept
    .map(
      (level, i) =>
        `for (; begin + ${2 ** level} <= row; begin += ${2 ** level}) equal += equalIn(Runs${i}, base, begin, ${level}, key);`,
    )
    .reverse()
    .join('\n  ')}
  for (; begin < row; begin++) equal += keyOf(bitsOfW(begin, column)) == key ? 1 : 0;
  return equal;
}`
}

/** A loop of at most one round in place of a branch: software renderers execute both sides of a branch, but skip the rounds of a loop. */
const addTies = (layerBits: LayerBits, levels: number): string => `
  int base = vector * ${2 ** (levels - groupBitsOf(layerBits))};
  int next = min(rank + 1, vectorLength - 1);
  ivec4 four = texelOf(Sorted0, base, next >> 2);
  ivec2 pair = (next & 2) == 0 ? four.xy : four.zw;
  bool tied = next > rank && ((next & 1) == 0 ? pair.x : pair.y) == key;
  for (; tied; tied = false) rank += equalBefore(base, row, column, key);`

/**
 * GLSL `int rankOf(int row, int column)`. Needs `Sorted0` (the keys), `Tree`, `firstVector`, `bitsOfW`, and for ties `Runs0`, `Runs1`, ...
 * (the kept levels' runs, ascending).
 *
 * @param ties whether equal keys get different ranks; otherwise all of them get the rank of the first, which takes fewer searches.
 */
export const rankBySearch = (layerBits: LayerBits, width: number, levels: number, ties: boolean): string => `
uniform int firstVector;
${groupPlace(width)}
${texels(layerBits)}
${searchTree(layerBits, levels)}
${ties ? countTies(layerBits, levels) : ''}
int rankOf(int row, int column) {
  int key = keyOf(bitsOfW(row, column));
  int vector = column - firstVector;
  int rank = firstPlace(vector, key);
  ${ties ? addTies(layerBits, levels) : ''}
  return rank;
}`
