import { log10PermutationCount } from '@laperm/core'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { inferShapes } from '../src/infer-shapes.ts'
import { type ZooName, zoo } from '../src/zoo/zoo.ts'

const countOf = (name: ZooName): number => {
  const inferred = inferShapes(zoo[name])
  if (E.isLeft(inferred)) throw new Error(inferred.left.reason)
  return log10PermutationCount(inferred.right.parameters)
}

// arXiv:2003.02570 Section 5.2 gives 1.6e7, 8e6, 8e5 and 5e7; summing log10 n! over the kernels gives these.
describe('how many permutations LaPerm can choose from', () => {
  test.each([
    ['conv2', 1.61e7, 0.005e7],
    ['conv4', 8.08e6, 0.005e6],
    ['conv7', 8.3e5, 0.05e5],
    ['conv13', 4.7e7, 0.05e7],
  ] as const)('%s: 10^%d', (name, expected, tolerance) => {
    expect(Math.abs(countOf(name) - expected)).toBeLessThanOrEqual(tolerance)
  })
})
