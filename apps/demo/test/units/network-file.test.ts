import { shuffleWeightVectors } from '@laperm/core'
import { encodeSafetensors, toTensors } from '@laperm/formats'
import { drawInitialParams } from '@laperm/train'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { networkOf } from '../../src/settings/experiments.ts'
import type { RunSettings } from '../../src/settings/run-settings.ts'
import { decodeNetwork, encodeNetwork, packParams } from '../../src/worker/network-file.ts'

const settings: RunSettings = { ...defaultSettings, model: 'mlp', seed: 12, sparsity: 0.25 }
const params = drawInitialParams(networkOf(settings))
const facts = { settings, optimizer: 'adam', step: 40, data: 'digits', accuracy: 0.875 } as const

describe('a saved network', () => {
  test('comes back with its weights, its settings and what was measured, whatever the page is set to', () => {
    const read = decodeNetwork('a', encodeNetwork(params, facts), defaultSettings)
    if (E.isLeft(read)) throw new Error(read.left)
    const { settings: own, ...rest } = facts
    expect(read.right.settings).toEqual(own)
    expect(read.right.facts).toEqual(rest)
    expect(read.right.params).toEqual(params)
  })

  test('without metadata of ours is read as weights of the network that the page is set to', () => {
    const foreign = encodeSafetensors(toTensors(params), { source: 'elsewhere' })
    const read = decodeNetwork('a', foreign, settings)
    if (E.isLeft(read)) throw new Error(read.left)
    expect(read.right.facts).toBeNull()
    expect(decodeNetwork('a', foreign, defaultSettings)).toEqual(
      E.left("a: expected 'dense1/kernel' of shape [784, 128], found [784, 100]. Nothing was loaded."),
    )
  })

  test('whose settings were tampered with is refused or read without its claims', () => {
    const file = encodeSafetensors(toTensors(params), {
      settings: '#model=mlp&seed=minus',
      optimizer: 'adam',
    })
    const read = decodeNetwork('a', file, settings)
    expect(E.isRight(read) && read.right.facts).toBeNull()
  })

  test('as .laperm comes back by its seed alone, and only where its weights are the initial ones', () => {
    const moved = shuffleWeightVectors(params, ['kernel'], 5)
    const packed = packParams(moved, settings, 'laperm')
    if (E.isLeft(packed)) throw new Error(JSON.stringify(packed.left))
    const read = decodeNetwork('a.laperm', packed.right, defaultSettings)
    if (E.isLeft(read)) throw new Error(read.left)
    expect(read.right.params).toEqual(moved)
    expect(read.right.settings).toMatchObject({ model: 'mlp', seed: 12 })
    expect(read.right.packed?.initialParams).toEqual(params)
    expect(packed.right.length).toBeLessThan(encodeNetwork(moved, facts).length / 2)
    const changed = moved.map((param, i) =>
      i === 0 ? { ...param, values: param.values.map((w) => w * 2) } : param,
    )
    expect(packParams(changed, settings, 'laperm')).toMatchObject({ left: { _tag: 'NotAnArrangement' } })
  })
})
