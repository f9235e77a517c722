/**
 * GLSL of the programs that write results. Each defines `float compute(int row, int column)` and reads the matrices that it needs.
 */
import { order, prologue } from './glsl.ts'
import { rankBySearch } from './rank-search.ts'
import { groupBitsOf, groupPlace, type LayerBits } from './sort-network.ts'
import { type Arrangement, readMatrix, writeMatrix } from './tensor-layout.ts'
import type { WorkPlan } from './work-plan.ts'

/** What is written for a weight: its rank, or theta_sorted's weight of that rank. */
export type Emit = 'rank' | 'sync'

/** A program's name and text. */
export interface ProgramText {
  readonly key: string
  readonly source: () => string
}

const program = (
  name: string,
  matrices: Readonly<Record<string, Arrangement>>,
  result: Arrangement,
  code: () => string,
  inLoop = true,
): ProgramText => ({
  key: [name, ...Object.values(matrices), result].join(' '),
  source: () =>
    [
      prologue,
      order,
      ...Object.entries(matrices).map(([matrix, arrangement]) => readMatrix(matrix, arrangement)),
      code(),
      writeMatrix(result, inLoop),
    ].join('\n'),
})

const emitted: Readonly<Record<Emit, string>> = {
  rank: 'float compute(int row, int column) { return float(rankOf(row, column)); }',
  sync: 'float compute(int row, int column) { return numberOfSorted(rankOf(row, column), column); }',
}

/** Arrangements of the matrices that `rank` and `sync` read; `Sorted` for `sync` only. */
export type Ranked = { readonly W: Arrangement; readonly Sorted?: Arrangement }

const matricesOf = ({ W, Sorted }: Ranked): Readonly<Record<string, Arrangement>> =>
  Sorted === undefined ? { W } : { W, Sorted }

const emitOf = ({ Sorted }: Ranked): Emit => (Sorted === undefined ? 'rank' : 'sync')

/** Ranks by counting smaller weights, two rows per read. An equal weight counts where its row is before the weight's own. */
export const rankByCounting = (read: Ranked, result: Arrangement): ProgramText =>
  program(
    `count ${emitOf(read)}`,
    matricesOf(read),
    result,
    () => `
int rankOf(int row, int column) {
  int own = keyOf(bitsOfW(row, column));
  int rank = 0;
  int before = row & ~1;
  for (int other = 0; other < before; other += 2) {
    ivec2 bits = bitsOfPairW(other, column);
    rank += int(keyOf(bits.x) <= own) + int(keyOf(bits.y) <= own);
  }
  if (before < row) rank += int(keyOf(bitsOfW(before, column)) <= own);
  else if (row + 1 < vectorLength) rank += int(keyOf(bitsOfW(row + 1, column)) < own);
  for (int other = before + 2; other < vectorLength; other += 2) {
    ivec2 bits = bitsOfPairW(other, column);
    rank += int(keyOf(bits.x) < own);
    if (other + 1 < vectorLength) rank += int(keyOf(bits.y) < own);
  }
  return rank;
}
${emitted[emitOf(read)]}`,
  )

/** Ranks by a search among sorted keys; `ties` says whether equal weights get different ranks. */
export const rankAmongSorted = (
  read: Ranked,
  result: Arrangement,
  { layerBits, width, levels }: Pick<WorkPlan, 'layerBits' | 'width' | 'levels'>,
  ties: boolean,
): ProgramText =>
  program(
    `search ${emitOf(read)} ${ties} ${layerBits} ${width} ${levels}`,
    matricesOf(read),
    result,
    () => `${rankBySearch(layerBits, width, levels, ties)}
${emitted[emitOf(read)]}`,
    ties,
  )

/** The weights of sorted keys, zeros as +0. */
export const sortedWeights = (result: Arrangement, layerBits: LayerBits, width: number): ProgramText =>
  program(
    `sorted ${layerBits} ${width}`,
    {},
    result,
    () => `
uniform isampler2DArray Entries;
uniform int groups;
uniform int firstVector;
${groupPlace(width)}
float compute(int row, int column) {
  int group = (column - firstVector) * groups + (row >> ${groupBitsOf(layerBits)});
  ivec4 four = texelFetch(Entries, ivec3(placeOf(group), (row >> 2) & ${2 ** layerBits - 1}), 0);
  ivec2 pair = (row & 2) == 0 ? four.xy : four.zw;
  return numberOfKey((row & 1) == 0 ? pair.x : pair.y);
}`,
  )

/** `result[i, j] = sorted[ranks[i, j], j]`. */
export const permuteByRanks = (Sorted: Arrangement, Ranks: Arrangement, result: Arrangement): ProgramText =>
  program(
    'permute',
    { Sorted, Ranks },
    result,
    () => `
float compute(int row, int column) { return numberOfSorted(int(numberOfRanks(row, column)), column); }`,
  )

/** For the one row of the result: the row of each column's first NaN, or -1. */
export const firstNaN = (W: Arrangement, result: Arrangement): ProgramText =>
  program(
    'first NaN',
    { W },
    result,
    () => `
uniform int rowsToSearch;
float compute(int row, int column) {
  for (int other = 0; other < rowsToSearch; other++)
    if ((bitsOfW(other, column) & 0x7fffffff) > 0x7f800000) return float(other);
  return -1.0;
}`,
  )

/** GLSL for the network's first pass: the keys of two rows, and the largest key for rows beyond the end. */
export const keysOfRows = (W: Arrangement): string => `
${readMatrix('W', W)}
ivec2 keysOfPair(int row, int column) {
  if (row >= vectorLength) return ivec2(0x7fffffff);
  ivec2 bits = bitsOfPairW(row, column);
  return ivec2(keyOf(bits.x), row + 1 < vectorLength ? keyOf(bits.y) : 0x7fffffff);
}`
