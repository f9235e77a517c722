/** A visitor's module: what is taken for a backend, and what is said of anything else. And the ten lines that the page shows. */
import { coreBackend } from '@laperm/core'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { findBackend } from '../../src/own-backend/find-backend.ts'

test.each([
  ['the default export', { default: coreBackend }],
  ['an export called backend', { backend: coreBackend, other: 1 }],
  ['what a maker returns', { makeMine: () => coreBackend }],
  ['what a promise brings', { default: async () => coreBackend }],
  ["what a packages' maker ends in", { makeMine: () => async () => E.right(coreBackend) }],
])('%s is the backend', async (_, module) => {
  expect(await findBackend(module)).toEqual(E.right(coreBackend))
})

const { sync, ...incomplete } = coreBackend

test.each([
  ['no exports', {}, 'The module exports nothing; it must export a Backend'],
  ['other exports', { sort: 1 }, 'The module exports sort; it must export a Backend'],
  ['a number', { default: 3 }, '`default` is no Backend but number.'],
  [
    'a backend without sync',
    { default: incomplete },
    'of its members these are missing or of another kind: sync.',
  ],
  [
    'a maker that cannot',
    { makeMine: async () => E.left({ reason: 'no GPU' }) },
    'Its maker says that it cannot run here: no GPU',
  ],
])('%s is refused in a sentence', async (_, module, words) => {
  const found = await findBackend(module)
  expect(E.isLeft(found) && found.left).toContain(words)
})

test('the ten lines of code train the first run of the page', async () => {
  const { learned } = await import('../../src/own-backend/ten-lines.js')
  expect(learned.isPermutation).toBe(true)
  expect(learned.accuracy).toBeGreaterThan(0.6)
})
