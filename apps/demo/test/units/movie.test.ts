/** Every synchronization kept in few bits, in bounded memory, and given back as it was. */
import { checkPermutations, type Params } from '@laperm/core'
import { drawInitialParams, permutedRolesOf } from '@laperm/train'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alterParams } from '../../src/alterations/alter-params.ts'
import { frameSize, makeFrameCoder } from '../../src/movie/frame-coder.ts'
import { bitsFor, packedNumberAt, packNumbers } from '../../src/movie/packed-numbers.ts'
import { makeReel } from '../../src/movie/reel.ts'
import { readMovieLink } from '../../src/page/movie-link.ts'
import { framesOf } from '../../src/page/movie-section.ts'
import { flightsBetween } from '../../src/pictures/flights.ts'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { networkOf } from '../../src/settings/experiments.ts'
import { storySettings } from '../../src/settings/story-settings.ts'
import { mostMoved } from '../../src/worker/most-moved.ts'

const mlp = { ...defaultSettings, model: 'mlp' as const }

const theta0 = (settings = defaultSettings) => {
  const network = networkOf(settings)
  return { initial: drawInitialParams(network), roles: permutedRolesOf(network.experiment), settings }
}
/** Stands for a synchronization: theta_0 in another order, with biases that were trained. */
const synced = ({ initial, roles, settings }: ReturnType<typeof theta0>, share = 1): Params =>
  alterParams({ settings, initial, roles, laperm: initial, adam: initial }, { kind: 'shuffle', share }).map(
    (parameter, i) =>
      parameter.role === 'bias'
        ? { ...parameter, values: parameter.values.map((_, at) => i + at) }
        : parameter,
  )
const valuesOf = (params: Params) => params.map(({ values }) => values)

test('numbers come back from as few bits as the largest needs', () => {
  expect([0, 1, 2, 255, 256, 783].map(bitsFor)).toEqual([0, 1, 2, 8, 9, 10])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 32 }), fc.array(fc.nat(), { maxLength: 80 }), (bits, drawn) => {
      const numbers = drawn.map((number) => (bits === 32 ? number : number % 2 ** bits))
      const words = packNumbers(numbers.length, bits, (place) => numbers[place])
      expect(words.length).toBe(Math.ceil((numbers.length * bits) / 32))
      const at = packedNumberAt(words, bits)
      expect(numbers.map((_, place) => at(place))).toEqual(numbers)
    }),
  )
})

describe('a frame', () => {
  test.each([
    // 10 neurons of 784 weights that are one value or zero: a bit each.
    ['F1 of one value and zeros', storySettings, 7840 / 8],
    // Whole words: 3 bytes more than bits. Its 210 biases are trained freely.
    ['the MLP', mlp, (784 * 100 * 10 + 100 * 100 * 7 + 100 * 10 * 7) / 8 + 3 + 4 * 210],
  ])('of %s holds every weight, in few bits', (_, settings, bytes) => {
    const network = theta0(settings)
    const { encode, decode } = makeFrameCoder(network.initial, network.roles)
    const params = synced(network)
    const frame = encode(params)
    expect(frameSize(frame)).toBe(bytes)
    expect(valuesOf(decode(frame))).toEqual(valuesOf(params))
    expect(checkPermutations(network.initial, decode(frame), network.roles).firstDifference).toBeUndefined()
  })
})

describe('a reel', () => {
  const network = theta0(storySettings)
  const frames = Array.from({ length: 40 }, (_, i) => synced(network, i / 40))
  const filled = (most?: number) => {
    const reel = makeReel(network.initial, network.roles, most)
    for (const [i, params] of frames.entries()) reel.add(20 * (i + 1), params)
    return reel
  }

  test('gives back the synchronization at a step or before it, and theta_0 before the first', () => {
    const reel = filled()
    expect(reel.every()).toBe(1)
    expect(reel.at(19).step).toBe(0)
    expect(valuesOf(reel.at(0).params)).toEqual(valuesOf(network.initial))
    for (const i of [0, 7, 39]) {
      expect(reel.at(20 * (i + 1) + 5).step).toBe(20 * (i + 1))
      expect(valuesOf(reel.at(20 * (i + 1)).params)).toEqual(valuesOf(frames[i]))
    }
  })

  test('keeps to its memory by giving up every second one, never the first or the latest', () => {
    // Room for ten frames of 980 bytes.
    const reel = filled(9_800)
    expect(reel.every()).toBe(8)
    expect([0, 100, 160, 170, 799, 800].map((step) => reel.at(step).step)).toEqual([0, 0, 160, 160, 640, 800])
    expect(valuesOf(reel.at(800).params)).toEqual(valuesOf(frames[39]))
  })
})

test('squares fly to where their values are; of equal ones those stay that can', () => {
  expect(flightsBetween(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 1, 3, 4))).toEqual([
    { from: 0, to: 1, value: 1 },
    { from: 1, to: 0, value: 2 },
  ])
  expect(flightsBetween(Float32Array.of(0, 1, 1, 0), Float32Array.of(1, 1, 0, 0))).toEqual([
    { from: 0, to: 2, value: 0 },
    { from: 2, to: 0, value: 1 },
  ])
  // Other values: nothing flew.
  expect(flightsBetween(Float32Array.of(1, 2), Float32Array.of(3, 1))).toEqual([])
})

test('a long movie leaves some synchronizations out, evenly, and never the ends', () => {
  expect(framesOf(3, 5)).toEqual([0, 1, 2, 3])
  expect(framesOf(100, 5)).toEqual([0, 25, 50, 75, 100])
})

test('a link to the movie is one to its run', () => {
  expect(readMovieLink('#seed=3&movie=1')).toEqual({ hash: '#seed=3', isMovie: true })
  expect(readMovieLink('#seed=3')).toEqual({ hash: '#seed=3', isMovie: false })
})

test('the first look is at the neuron that has moved most', () => {
  const { initial } = theta0(storySettings)
  expect(mostMoved(initial, initial)).toBeNull()
  const moved = initial.map((parameter, i) =>
    i === 0
      ? { ...parameter, values: parameter.values.map((value, at) => (at % 10 === 6 ? 0.08 - value : value)) }
      : parameter,
  )
  expect(mostMoved(initial, moved)).toEqual({ layer: initial[0].name, neuron: 6 })
})
