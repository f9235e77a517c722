import { describe, expect, test } from 'vitest'
import { pickMoves } from '../../src/pictures/pick-moves.ts'

const ranks = (...values: number[]): Uint32Array => Uint32Array.from(values)

describe('pickMoves', () => {
  test('a weight goes from the index that had its rank to the index that has it now', () => {
    // Ranks before: index 0 holds rank 2, 1 holds 0, 2 holds 3, 3 holds 1. Now: 0 holds 0, 1 holds 2, 2 holds 3, 3 holds 1.
    // Rank 0 went 1 -> 0, rank 2 went 0 -> 1; ranks 1 and 3 stayed at 3 and 2.
    // Distance from the middle rank 1.5: ranks 0 and 3 are 1.5 away, 1 and 2 are 0.5 away: rank 0 first.
    expect(pickMoves(ranks(2, 0, 3, 1), ranks(0, 2, 3, 1), 60)).toEqual([
      { from: 1, to: 0 },
      { from: 0, to: 1 },
    ])
  })

  test('the outermost ranks come first, and the limit cuts what is in the middle', () => {
    // Everything moves one place to the right, in a ring of 5: rank r goes from index r to r + 1.
    const before = ranks(0, 1, 2, 3, 4)
    const now = ranks(4, 0, 1, 2, 3)
    // Distances from rank 2: rank 0 and 4 are 2 away, 1 and 3 are 1 away, 2 none.
    expect(pickMoves(before, now, 3)).toEqual([
      { from: 0, to: 1 },
      { from: 4, to: 0 },
      { from: 1, to: 2 },
    ])
    expect(pickMoves(before, now, 0)).toEqual([])
  })

  test('with the weights it is their size that counts', () => {
    // theta_sorted = [-0.1, 0.2, 0.9]; ring to the right. Sizes: rank 2 (0.9), rank 1 (0.2), rank 0 (0.1).
    expect(pickMoves(ranks(0, 1, 2), ranks(2, 0, 1), 2, Float32Array.of(-0.1, 0.2, 0.9))).toEqual([
      { from: 2, to: 0 },
      { from: 1, to: 2 },
    ])
  })

  test('equal weights move only where a place gained or lost their value', () => {
    // theta_sorted = [0, 0, 0, 5]. Before, 5 is at index 3 and the zeros (ranks 0, 1, 2) at 0, 1, 2.
    // Now 5 is at index 0 and the zeros at 1, 2, 3: by rank all four moved, by value 5 went 3 -> 0 and one zero 0 -> 3.
    expect(pickMoves(ranks(0, 1, 2, 3), ranks(3, 0, 1, 2), 60, Float32Array.of(0, 0, 0, 5))).toEqual([
      { from: 3, to: 0 },
      { from: 0, to: 3 },
    ])
  })

  test('carrying out every move turns the vector before into the vector now', () => {
    const n = 101
    // 37 generates a permutation of 0..100, 11 another: 101 is prime.
    const before = Uint32Array.from({ length: n }, (_, i) => (i * 37) % n)
    const now = Uint32Array.from({ length: n }, (_, i) => (i * 11 + 5) % n)
    const sorted = Float32Array.from({ length: n }, (_, rank) => Math.floor(rank / 3) - 16)
    const was = Array.from(before, (rank) => sorted[rank])
    const is = Array.from(now, (rank) => sorted[rank])
    const moves = pickMoves(before, now, n, sorted)
    const carried = [...was]
    for (const { from, to } of moves) carried[to] = was[from]
    expect(carried).toEqual(is)
    // No place is left or reached twice.
    expect(new Set(moves.map(({ from }) => from)).size).toBe(moves.length)
    expect(new Set(moves.map(({ to }) => to)).size).toBe(moves.length)
  })

  test('two vectors of different lengths are refused', () => {
    expect(() => pickMoves(ranks(0, 1), ranks(0), 1)).toThrow(
      'ranksNow has 1 ranks, the vector before has 2: pass one vector',
    )
  })
})
