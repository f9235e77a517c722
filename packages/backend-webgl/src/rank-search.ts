/**
 * GLSL that finds a weight's rank among its vector's sorted keys: a search tree of four-way nodes, and counting of equal keys.
 *
 * The network sorts keys alone. A key's first place among them is the rank of the first weight that has it; the others with the same key
 * follow in index order, so to theirs is added how many equal ones lie before them. Those are counted in the runs that the network left on
 * its way, three levels apart, which hold whole stretches of rows in order: no vector of ties costs more than a few searches a weight.
 */
import { groupBitsOf, groupPlace, type LayerBits } from './sort-network.ts'

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
 * GLSL of the pass that makes the tree. A level of m nodes lies in slots m to 2 m - 1 of its vector, m = 1, then `rootChildren`, then four
 * times as many, down to one node for every four texels. A node's four numbers are the largest keys below each of its children.
 *
 * Wants `Entries`, `groups`, `rootChildren`.
 */
export const makeTree = (layerBits: LayerBits, width: number): string => `
out ivec4 node;
uniform isampler2DArray Entries;
uniform int groups;
uniform int rootChildren;
${groupPlace(width)}
${texels(layerBits)}
void main() {
  int here = groupHere();
  int slots = groups * ${slotsPerGroup(layerBits)};
  int slot = here & (slots - 1);
  int vector = here / slots;
  int nodes = slots >> 1;
  int span = 4;
  for (; nodes > max(slot, 1); nodes = nodes == rootChildren ? 1 : nodes >> 2) span <<= 2;
  if (slot >= 2 * nodes || slot == 0) discard;
  int all = slots << 3;
  if (nodes == 1) span = all / rootChildren;
  ivec4 last = min((4 * (slot - nodes) + ivec4(1, 2, 3, 4)) * span, all) - 1 >> 2;
  int base = vector * groups;
  node = ivec4(texelOf(Entries, base, last.x).w, texelOf(Entries, base, last.y).w,
    texelOf(Entries, base, last.z).w, texelOf(Entries, base, last.w).w);
}`

const searchTree = (layerBits: LayerBits): string => `
uniform isampler2DArray Sorted0;
uniform isampler2D Tree;
uniform int rootChildren;
int smallerIn(ivec4 four, int key) {
  ivec4 smaller = ivec4(lessThan(four, ivec4(key)));
  return smaller.x + smaller.y + smaller.z + smaller.w;
}
int upToIn(ivec4 four, int key) {
  ivec4 upTo = ivec4(lessThanEqual(four, ivec4(key)));
  return upTo.x + upTo.y + upTo.z + upTo.w;
}
// The place of the first of the keys that equal this one, and whether there are more.
ivec2 firstPlace(int vector, int key) {
  int slots = groups * ${slotsPerGroup(layerBits)};
  int root = vector * slots;
  int node = 0;
  int nodes = 1;
  while (nodes < slots) {
    int children = nodes == 1 ? rootChildren : nodes << 2;
    node = min(4 * node + smallerIn(texelFetch(Tree, placeOf(root + nodes + node), 0), key), children - 1);
    nodes = children;
  }
  ivec4 four = texelOf(Sorted0, vector * groups, node);
  int before = smallerIn(four, key);
  int upTo = upToIn(four, key);
  bool more = upTo - before > 1;
  if (upTo == 4 && !more && node + 1 < groups << ${layerBits}) more = texelOf(Sorted0, vector * groups, node + 1).x == key;
  return ivec2(4 * node + before, more ? 1 : 0);
}`

/** Counting in one run: of its texels, from the smallest key on, `ordinal` counts; every second run of the network descends. */
const countInRun = `
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
  int smaller = upTo(runs, base, first, size, descends, key, false);
  return upTo(runs, base, first, size, descends, key, true) - smaller;
}`

/**
 * GLSL `int rankOf(int row, int column)`. Wants `Sorted0` (the keys), `Runs0`, `Runs1`, ... (the kept levels' runs, ascending),
 * `Tree`, `groups`, `rootChildren`, `firstVector`, and `bitsOfW`.
 *
 * @param kept how many levels' runs there are.
 */
export const rankBySearch = (layerBits: LayerBits, width: number, kept: number): string => {
  const levels = Array.from({ length: kept }, (_, i) => kept - 1 - i)
  return `
uniform int groups;
uniform int firstVector;
${levels.map((i) => `uniform isampler2DArray Runs${i};`).join('\n')}
${groupPlace(width)}
${texels(layerBits)}
${searchTree(layerBits)}
${countInRun}
int equalBefore(int base, int row, int column, int key) {
  int begin = 0;
  int equal = 0;
  ${levels
    .map((i) => {
      const level = groupBitsOf(layerBits) + 3 * i
      return `for (; begin + ${2 ** level} <= row; begin += ${2 ** level}) equal += equalIn(Runs${i}, base, begin, ${level}, key);`
    })
    .join('\n  ')}
  for (; begin < row; begin++) equal += keyOf(bitsOfW(begin, column)) == key ? 1 : 0;
  return equal;
}
int rankOf(int row, int column) {
  int key = keyOf(bitsOfW(row, column));
  int vector = column - firstVector;
  ivec2 place = firstPlace(vector, key);
  return place.y == 0 ? place.x : place.x + equalBefore(vector * groups, row, column, key);
}`
}
