import { sortParams, syncParams } from '@laperm/core'
import { drawInitialParams } from '@laperm/train'
import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { networkOf } from '../../src/settings/experiments.ts'
import { takeSnapshot } from '../../src/worker/snapshot.ts'

const initial = drawInitialParams(networkOf(defaultSettings))
const adam = drawInitialParams(networkOf({ ...defaultSettings, seed: 2 }))
const laperm = syncParams(sortParams(initial, ['kernel']), adam, ['kernel'])

describe('a snapshot for the pictures', () => {
  const snapshot = takeSnapshot({ layer: 'dense1/kernel', neuron: 5 }, 40, initial, laperm, adam)

  test('has the column of the neuron, and follows each weight to where its value is now', () => {
    const { image } = snapshot
    if (image === null) throw new Error('784 weights make a square')
    expect(image.side).toBe(28)
    expect([...image.before.slice(0, 3)]).toEqual([0, 1, 2].map((i) => initial[0].values[i * 128 + 5]))
    expect(image.moves.length).toBe(40)
    for (const { from, to } of image.moves) expect(image.now[to]).toBe(image.before[from])
  })

  test("shows that LaPerm's sorted vectors are theta_0's and Adam's are not", () => {
    const { sorted } = snapshot
    expect([sorted.length, sorted.count, sorted.initial.length]).toEqual([256, 24, 256 * 24])
    expect(sorted.whole).toEqual({ length: 784, count: 128 })
    expect(sorted.laperm).toEqual(sorted.initial)
    expect(sorted.adam).not.toEqual(sorted.initial)
    const row = sorted.initial.slice(256, 512)
    expect(row).toEqual(row.slice().sort())
  })

  test('of a layer that is not there, or of a neuron too many, shows the nearest', () => {
    const other = takeSnapshot({ layer: 'conv1/kernel', neuron: 1e9 }, 0, initial, laperm, adam)
    expect([other.layer, other.neuron]).toEqual(['dense1/kernel', 127])
    expect(takeSnapshot({ layer: 'dense2/kernel', neuron: 0 }, 0, initial, laperm, adam).image).toBeNull()
  })
})
