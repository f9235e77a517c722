import { describe, test } from 'vitest'
import { expectRanksOfKind, expectRanksOfNeighbours, hardKinds } from './hard-weights.ts'

// Both sides of every length at which another way of sorting begins; longer ones are in long-orders.test.ts.
const lengths = [2, 4, 5, 13, 32, 33, 64, 65, 128, 129, 255, 256, 640, 4096]

describe.each(hardKinds)('weights %s', (kind) => {
  test.each(lengths)('have the ranks that a reference gives, %i in a vector', (length) =>
    expectRanksOfKind(kind, length),
  )
})

test.each([13, 288, 4096])(
  'neighbours of different kinds have the ranks that a reference gives, %i in a vector',
  expectRanksOfNeighbours,
)
