import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { layerOfParameter, namedLayers } from '../src/index.ts'

const known = ['conv1/kernel', 'conv1/bias', 'block/conv2/kernel', 'kernel'].map((name) => ({
  name,
  layer: layerOfParameter(name),
}))

test.each([
  ['conv1', ['conv1/kernel', 'conv1/bias']],
  ['conv1/bias', ['conv1/bias']],
  ['block/conv2', ['block/conv2/kernel']],
  ['conv2', ['block/conv2/kernel']],
  ['kernel', ['kernel']],
])('%s names tensors of a layer, or one tensor', (asked, names) => {
  expect(namedLayers(asked, known)).toEqual(E.right(names))
})

test.each([
  ['conv9', 'conv1'],
  ['konv2', 'conv2'],
  ['conv1/kernal', 'conv1/kernel'],
  ['', null],
])('%s is no layer, and the nearest name is told', (asked, nearest) => {
  expect(namedLayers(asked, known)).toMatchObject({ left: { what: 'layer', name: asked, nearest } })
})
