import { describe, expect, it } from 'vitest'
import { nearestName } from '../src/index.ts'

describe('nearestName', () => {
  // Edits: 1 removed; 1 replaced; 2 replaced of 5 (at most 2.5); case does not count.
  it.each([
    ['conv-7', 'conv7'],
    ['fl', 'f1'],
    ['comw2', 'conv2'],
    ['RESNET50', 'resnet50'],
  ])('%s means %s', (typed, meant) => {
    expect(nearestName(typed, ['f1', 'f2', 'conv2', 'conv7', 'resnet50'])).toBe(meant)
  })

  it('gives nothing when every name is more than half another', () => {
    expect(nearestName('transformer', ['f1', 'conv2', 'resnet50'])).toBeNull()
    expect(nearestName('', ['f1'])).toBeNull()
  })
})
