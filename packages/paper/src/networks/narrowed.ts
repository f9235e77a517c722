/**
 * The paper's networks for CIFAR-10 with fewer filters: what a figure is drawn with where the whole network would take days. Blocks, depth,
 * dropout and normalization stay.
 */
import { avgPool2d, dense, type Layer, type Model, recipes, type ZooName, zoo } from '@laperm/models'
import type { ExperimentSettings } from '@laperm/train'

/** How much of a network is left. */
export interface Narrowing {
  /** Filters and units of every layer but the last are divided by it. */
  readonly divideBy: number
  /** Residual blocks and, in each stack of convolutions, repetitions that are kept; default: all. */
  readonly blocks?: number
  /** Default: the network's own. */
  readonly inputShape?: readonly [height: number, width: number, channels: number]
}

/** At least one filter. */
const narrower = (width: number, divideBy: number): number => Math.max(1, Math.round(width / divideBy))

const narrowLayers = (layers: readonly Layer[], divideBy: number): readonly Layer[] =>
  layers.map((layer): Layer => {
    switch (layer.kind) {
      case 'conv2d':
        return { ...layer, filters: narrower(layer.filters, divideBy) }
      case 'dense':
        return { ...layer, units: narrower(layer.units, divideBy) }
      case 'residual':
        return {
          ...layer,
          body: narrowLayers(layer.body, divideBy),
          shortcut: narrowLayers(layer.shortcut, divideBy),
        }
      default:
        return layer
    }
  })

/** Pooling that a smaller image has no room for goes, and the last average covers what is left of the image. */
const fitPooling = (layers: readonly Layer[], side: number): readonly Layer[] => {
  let left = side
  return layers.flatMap((layer): readonly Layer[] => {
    const strided = layer.kind === 'residual' ? layer.body[0] : layer
    if (strided?.kind === 'conv2d') left = Math.ceil(left / strided.strides[0])
    if (layer.kind === 'maxPool2d') {
      if (left < 2) return []
      left = Math.floor(left / 2)
    }
    if (layer.kind === 'avgPool2d') return [avgPool2d(left)]
    return [layer]
  })
}

/** Residual blocks with the identity beyond the first `blocks - 1` of each stack go, with the relu behind them. */
const fewerBlocks = (layers: readonly Layer[], blocks: number): readonly Layer[] => {
  let identities = 0
  const kept: Layer[] = []
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]
    if (layer.kind === 'residual') {
      identities = layer.shortcut.length === 0 ? identities + 1 : 1
      if (identities > blocks) {
        i++
        continue
      }
    }
    kept.push(layer)
  }
  return kept
}

/** A network of the zoo, narrowed. Its name says how: `conv4-w4` has a quarter of the filters. */
export const narrowed = (name: ZooName, { divideBy, blocks, inputShape }: Narrowing): Model => {
  const model: Model = zoo[name]
  const shape = inputShape ?? model.inputShape
  const body = model.layers.slice(0, -2)
  const shorter = blocks === undefined ? body : fewerBlocks(body, blocks)
  return {
    ...model,
    name: `${name}-w${divideBy}${blocks === undefined ? '' : `-b${blocks}`}`,
    inputShape: shape,
    layers: [...fitPooling(narrowLayers(shorter, divideBy), shape[0]), dense(10), ...model.layers.slice(-1)],
  }
}

/** What the network's recipe says, as settings: a network that is not the zoo's has no recipe of its own. */
export const recipeSettings = (name: ZooName): Omit<ExperimentSettings, 'model'> => {
  const { normalization, augmentation, batchSize, epochs, learningRate, sparsity } = recipes[name]
  return { normalization, augmentation, batchSize, epochs, learningRate, sparsity }
}
