/** The alterations, computed on a network's parameters. Pure: nothing that is handed in is written. */
import {
  makeRandom,
  type Parameter,
  type ParameterRole,
  type Params,
  shuffleInPlace,
  sortParams,
  syncParams,
  weightVectorsSize,
} from '@laperm/core'
import { drawInitialParams } from '@laperm/train'
import { networkOf } from '../settings/experiments.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import type { Alteration, DealtValues } from './alteration.ts'
import { quantilesOf } from './drawn-values.ts'

/** What the alterations are made of. */
export interface TrainedNetwork {
  readonly settings: RunSettings
  readonly roles: readonly ParameterRole[]
  /** theta_0. */
  readonly initial: Params
  /** LaPerm's weights after a synchronization. */
  readonly laperm: Params
  readonly adam: Params
}

const kernels = (params: Params, change: (kernel: Parameter, index: number) => Float32Array): Params =>
  params.map((parameter, index) =>
    parameter.role === 'kernel' ? { ...parameter, values: change(parameter, index) } : parameter,
  )

/** In each weight vector so large a share of the places, drawn at random, exchange their weights at random. */
const shuffleShare = (params: Params, share: number, seed: number): Params =>
  kernels(params, ({ values, shape }, index) => {
    const { length, count } = weightVectorsSize(shape)
    const shuffled = values.slice()
    for (let neuron = 0; neuron < count; neuron++) {
      const random = makeRandom(seed, 'demo-shuffle', index, neuron)
      const places = Uint32Array.from({ length }, (_, place) => place)
      shuffleInPlace(places, random)
      const chosen = places.subarray(0, Math.round(share * length))
      const target = chosen.slice()
      shuffleInPlace(target, random)
      chosen.forEach((from, i) => {
        shuffled[target[i] * count + neuron] = values[from * count + neuron]
      })
    }
    return shuffled
  })

/** Every vector holds `levels` values in equal shares, evenly spread and as large as He's initialization would have them. */
const levelled = (params: Params, levels: number): Params =>
  kernels(params, ({ values, shape }) => {
    const { length, count } = weightVectorsSize(shape)
    const scale = Math.sqrt(2 / length)
    return Float32Array.from(values, (_, at) => {
      const level = Math.floor((Math.floor(at / count) * levels) / length)
      return scale * ((2 * level) / (levels - 1) - 1)
    })
  })

/** A drawn distribution's values in every vector, as large as He's initialization would have them. */
const drawnValues = (params: Params, shares: readonly number[]): Params =>
  kernels(params, ({ values, shape }) => {
    const { length, count } = weightVectorsSize(shape)
    const quantiles = quantilesOf(shares, length)
    const size = Math.sqrt(quantiles.reduce((sum, value) => sum + value * value, 0) / length)
    const scale = size === 0 ? 0 : Math.sqrt(2 / length) / size
    return Float32Array.from(values, (_, at) => scale * quantiles[Math.floor(at / count)])
  })

const valuesOf = ({ settings, initial }: TrainedNetwork, values: DealtValues): Params => {
  const drawn = (changes: Partial<RunSettings>): Params =>
    drawInitialParams(networkOf({ ...settings, ...changes }))
  switch (values) {
    case 'theta0':
      return initial
    case 'otherSeed':
      return drawn({ seed: settings.seed + 1 })
    case 'uniform':
      return drawn({ distribution: 'heUniform', sparsity: 0 })
    case 'gaussian':
      return drawn({ distribution: 'heNormal', sparsity: 0 })
    case 'threeValues':
      return levelled(initial, 3)
    case 'twoValues':
      return levelled(initial, 2)
    default:
      return values satisfies never
  }
}

/** Values in the places that a network's ranks give them; what is not permuted stays the network's. */
const dealOut = (values: Params, order: Params, roles: readonly ParameterRole[]): Params =>
  syncParams(sortParams(values, roles), order, roles)

/** @returns LaPerm's network with the alteration. */
export const alterParams = (network: TrainedNetwork, alteration: Alteration): Params => {
  const { initial, laperm, adam, roles, settings } = network
  switch (alteration.kind) {
    case 'shuffle':
      return shuffleShare(laperm, alteration.share, settings.seed)
    case 'deal':
      return alteration.values === 'theta0'
        ? laperm
        : dealOut(valuesOf(network, alteration.values), laperm, roles)
    case 'drawn':
      return dealOut(drawnValues(initial, alteration.shares), laperm, roles)
    case 'adamOrder':
      return dealOut(initial, adam, roles)
    default:
      return alteration satisfies never
  }
}
