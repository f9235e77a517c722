import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { parseRequest } from '../../src/messages/requests.ts'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { writeSettings } from '../../src/settings/settings-text.ts'

describe('a request to the training worker', () => {
  test('carries settings as text and is given them parsed', () => {
    expect(parseRequest({ kind: 'start', settings: writeSettings(defaultSettings) })).toEqual(
      E.right({ kind: 'start', settings: defaultSettings }),
    )
  })

  test.each([
    ['nothing', null],
    ['no kind', {}],
    ['an unknown kind', { kind: 'explode' }],
    ['settings that are no texts', { kind: 'start', settings: { seed: 1 } }],
    ['settings against a rule', { kind: 'reset', settings: { k: '0' } }],
    ['an image of another size', { kind: 'classify', image: new Float32Array(10) }],
    ['an image that is no array', { kind: 'classify', image: 'one' }],
    ['an unknown optimizer', { kind: 'save', optimizer: 'sgd', format: 'laperm' }],
    ['an unknown format', { kind: 'save', optimizer: 'laperm', format: 'pt' }],
    ['a neuron that is no number', { kind: 'view', layer: 'dense1/kernel', neuron: Number.NaN }],
    ['a step that is none', { kind: 'goBack', step: -1 }],
    ['a sample of no digit', { kind: 'sample', digit: 10 }],
    ['files without bytes', { kind: 'files', files: [{ name: 'a' }] }],
  ])('with %s is refused', (_, value) => {
    expect(E.isLeft(parseRequest(value))).toBe(true)
  })
})
