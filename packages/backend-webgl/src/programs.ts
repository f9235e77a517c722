/**
 * The fragment programs: counting ranks within blocks, merging sorted runs by searching, and ranking among sorted runs.
 *
 * A fragment shader can read anywhere but write only its own pixel, so everything is a gather: an output finds what belongs into it
 * by counting or by binary search. Sizes are uniforms, so that one compiled program serves every length and count.
 */
import type { GPGPUProgram } from '@tensorflow/tfjs-backend-webgl'
import { makeUserCode } from './glsl.ts'

/** What a program writes: the index of a weight, its value, its rank, or theta_sorted's value of that rank. */
export type Emit = 'index' | 'value' | 'rank' | 'sync'

const program = (tensors: readonly string[], code: string, length: number, count: number): GPGPUProgram => ({
  variableNames: [...tensors],
  outputShape: [length, count],
  enableShapeUniforms: true,
  customUniforms: [
    { name: 'vectorLength', type: 'int' },
    { name: 'vectorCount', type: 'int' },
    { name: 'run', type: 'int' },
  ],
  userCode: makeUserCode(tensors, code),
})

const rankOutput = (emit: Emit, rank: string): string =>
  emit === 'sync' ? `return numberAtSorted((${rank}) * vectorCount + column);` : `return float(${rank});`

/**
 * The position of each weight within its block of `run` weights, counted directly: `run` reads a weight.
 *
 * With `run >= length` this is the rank itself, and `sync` gathers theta_sorted by it in the same pass.
 */
export const countInBlock = (emit: 'rank' | 'sync', length: number, count: number): GPGPUProgram =>
  program(
    emit === 'sync' ? ['W', 'Sorted'] : ['W'],
    `
float compute(int row, int column) {
  int begin = row / run * run;
  int end = min(begin + run, vectorLength);
  uint own = keyOf(bitsOfW(row * vectorCount + column));
  int position = 0;
  for (int other = begin; other < end; other++) {
    uint key = keyOf(bitsOfW(other * vectorCount + column));
    if (key < own || (key == own && other < row)) position++;
  }
  ${rankOutput(emit, 'position')}
}`,
    length,
    count,
  )

/** The weight that has a given position within its block of `run` weights, found by looking at all of them. */
export const selectInBlock = (emit: 'index' | 'value', length: number, count: number): GPGPUProgram =>
  program(
    emit === 'value' ? ['Position', 'W'] : ['Position'],
    `
float compute(int row, int column) {
  int begin = row / run * run;
  int end = min(begin + run, vectorLength);
  int wanted = row - begin;
  int found = begin;
  for (int other = begin; other < end; other++) {
    if (int(numberAtPosition(other * vectorCount + column)) == wanted) { found = other; break; }
  }
  ${emit === 'value' ? 'return withPositiveZero(bitsOfW(found * vectorCount + column));' : 'return float(found);'}
}`,
    length,
    count,
  )

/**
 * Merge each pair of neighbouring sorted runs: the output at position d of a pair finds by binary search how many of the first run's
 * elements precede it. The first run wins ties, which keeps the order stable.
 */
export const mergeRuns = (emit: 'index' | 'value', length: number, count: number): GPGPUProgram =>
  program(
    ['W', 'Order'],
    `
int indexAt(int position, int column) { return int(numberAtOrder(position * vectorCount + column)); }
uint keyAt(int position, int column) { return keyOf(bitsOfW(indexAt(position, column) * vectorCount + column)); }
float compute(int row, int column) {
  int first = row / (2 * run) * (2 * run);
  int second = min(first + run, vectorLength);
  int firstSize = second - first;
  int secondSize = min(run, vectorLength - second);
  int diagonal = row - first;
  int low = max(0, diagonal - secondSize);
  int high = min(diagonal, firstSize);
  while (low < high) {
    int middle = (low + high) / 2;
    if (keyAt(first + middle, column) <= keyAt(second + diagonal - 1 - middle, column)) low = middle + 1;
    else high = middle;
  }
  int other = diagonal - low;
  bool fromFirst = low < firstSize
    && (other >= secondSize || keyAt(first + low, column) <= keyAt(second + other, column));
  int index = indexAt(fromFirst ? first + low : second + other, column);
  ${emit === 'value' ? 'return withPositiveZero(bitsOfW(index * vectorCount + column));' : 'return float(index);'}
}`,
    length,
    count,
  )

/**
 * The rank of each weight: how many (value, index) pairs before it, summed over the sorted runs by one binary search in each.
 *
 * This is the fused last stage: it saves the last merges and the inverse permutation, and `sync` gathers theta_sorted at once.
 */
export const rankAmongRuns = (emit: 'rank' | 'sync', length: number, count: number): GPGPUProgram =>
  program(
    emit === 'sync' ? ['W', 'Order', 'Sorted'] : ['W', 'Order'],
    `
float compute(int row, int column) {
  uint own = keyOf(bitsOfW(row * vectorCount + column));
  int rank = 0;
  for (int begin = 0; begin < vectorLength; begin += run) {
    int low = begin;
    int high = min(begin + run, vectorLength);
    while (low < high) {
      int middle = (low + high) / 2;
      int index = int(numberAtOrder(middle * vectorCount + column));
      uint key = keyOf(bitsOfW(index * vectorCount + column));
      if (key < own || (key == own && index < row)) low = middle + 1;
      else high = middle;
    }
    rank += low - begin;
  }
  ${rankOutput(emit, 'rank')}
}`,
    length,
    count,
  )

/** `result[i, j] = sorted[ranks[i, j], j]`. */
export const permuteByRanks = (length: number, count: number): GPGPUProgram =>
  program(
    ['Sorted', 'Ranks'],
    `
float compute(int row, int column) {
  return numberAtSorted(int(numberAtRanks(row * vectorCount + column)) * vectorCount + column);
}`,
    length,
    count,
  )

/** The row of each column's first NaN, or -1. */
export const firstNaN = (length: number, count: number): GPGPUProgram => ({
  ...program(
    ['W'],
    `
float compute(int row, int column) {
  for (int other = 0; other < vectorLength; other++) {
    if ((bitsOfW(other * vectorCount + column) & 0x7fffffffu) > 0x7f800000u) return float(other);
  }
  return -1.0;
}`,
    length,
    count,
  ),
  outputShape: [1, count],
})
