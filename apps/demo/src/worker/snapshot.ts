/** One neuron and one layer, cut out of the networks for the pictures: small arrays, copied. */
import { type Parameter, type Params, rank, sort, type WeightVectors, weightVectorsSize } from '@laperm/core'
import { either as E } from 'fp-ts'
import type { LayerView, NeuronImages, NeuronView, Snapshot } from '../messages/events.ts'
import { pickMoves } from '../pictures/pick-moves.ts'

/** At most so many vectors and ranks are shown: a screen has no more lines and pixels. */
const most = { vectors: 24, ranks: 256, images: 128 }

/** The matrices of a network that can be looked at. */
export const layerViews = (params: Params): readonly LayerView[] =>
  params
    .filter(({ role }) => role === 'kernel')
    .map(({ name, shape }) => {
      const { length, count } = weightVectorsSize(shape)
      const side = Math.floor(Math.sqrt(length))
      return { name, length, neurons: count, side: side * side === length && side > 2 ? side : null }
    })

/** One column of a matrix, as weight vectors of their own. */
const column = ({ values, shape }: Parameter, neuron: number): Float32Array => {
  const { length, count } = weightVectorsSize(shape)
  return Float32Array.from({ length }, (_, i) => values[i * count + neuron])
}

/** `count` whole numbers spread evenly over `0..size-1`, both ends included. */
const spread = (size: number, count: number): readonly number[] =>
  Array.from({ length: Math.min(size, count) }, (_, i) =>
    size <= count ? i : Math.round((i * (size - 1)) / (count - 1)),
  )

/** Vectors spread evenly over a matrix: those alone are sorted, since sorting all of them would take longer than a step. */
const someVectors = ({ values, shape }: Parameter): WeightVectors => {
  const { length, count } = weightVectorsSize(shape)
  const chosen = spread(count, most.vectors)
  const some = new Float32Array(length * chosen.length)
  for (let place = 0, to = 0; place < length; place++)
    for (const vector of chosen) some[to++] = values[place * count + vector]
  return { values: some, length, count: chosen.length }
}

/** Some sorted vectors, thinned to some ranks, as rows. */
const sortedRows = (parameter: Parameter): Float32Array => {
  const ascending = sort(someVectors(parameter))
  if (E.isLeft(ascending)) return new Float32Array(0)
  const { values, length, count } = ascending.right
  const ranks = spread(length, most.ranks)
  const rows = new Float32Array(count * ranks.length)
  for (let vector = 0, to = 0; vector < count; vector++)
    for (const place of ranks) rows[to++] = values[place * count + vector]
  return rows
}

/** Arrows are drawn for the largest weights that moved; more of them would hide the images. */
const mostMoves = 40

const imageOf = (side: number, before: Float32Array, now: Float32Array): Snapshot['image'] => {
  const vector = (values: Float32Array) => ({ values, length: values.length, count: 1 })
  const ranks = (values: Float32Array): Uint32Array => {
    const ranking = rank(vector(values))
    return E.isLeft(ranking) ? new Uint32Array(values.length) : ranking.right.ranks
  }
  const ascending = sort(vector(before))
  const moves = E.isLeft(ascending)
    ? []
    : pickMoves(ranks(before), ranks(now), mostMoves, ascending.right.values)
  return { side, before, now, moves }
}

/**
 * The neurons of a layer as images: the first ones, where there are more than a screen shows.
 *
 * @param layer by name; as near as the network has it.
 * @returns null where their weights make no square.
 */
export const neuronImages = (params: Params, layer: string): NeuronImages | null => {
  const layers = layerViews(params)
  const { name, side, neurons } = layers.find((each) => each.name === layer) ?? layers[0]
  const parameter = params.find((each) => each.name === name)
  if (side === null || parameter === undefined) return null
  const count = Math.min(neurons, most.images)
  const values = new Float32Array(count * side * side)
  for (let neuron = 0; neuron < count; neuron++) values.set(column(parameter, neuron), neuron * side * side)
  return { side, count, values }
}

/** Which layer and neuron pictures are of. */
export interface View {
  readonly layer: string
  readonly neuron: number
}

/** A layer and a neuron of LaPerm's; both are taken as near as the network has them. */
export const viewNeuron = (view: View, step: number, initial: Params, laperm: Params): NeuronView => {
  const layers = layerViews(initial)
  const layer = layers.find(({ name }) => name === view.layer) ?? layers[0]
  const neuron = Math.min(Math.max(0, view.neuron), layer.neurons - 1)
  const index = initial.findIndex(({ name }) => name === layer.name)
  const [before, now] = [initial, laperm].map((params) => column(params[index], neuron))
  return {
    step,
    layer: layer.name,
    neuron,
    image: layer.side === null ? null : imageOf(layer.side, before, now),
    images: neuronImages(laperm, layer.name),
  }
}

/** The arrays of a view, which can be handed over. */
export const arraysOf = ({ image, images }: NeuronView): readonly Float32Array[] => [
  ...(image === null ? [] : [image.before, image.now]),
  ...(images === null ? [] : [images.values]),
]

/** What the pictures show of a layer and a neuron. */
export const takeSnapshot = (
  view: View,
  step: number,
  initial: Params,
  laperm: Params,
  adam: Params,
): Snapshot => {
  const seen = viewNeuron(view, step, initial, laperm)
  const index = initial.findIndex(({ name }) => name === seen.layer)
  const layer = layerViews(initial).find(({ name }) => name === seen.layer) ?? layerViews(initial)[0]
  const at = (params: Params): Parameter => params[index]
  return {
    ...seen,
    sorted: {
      length: Math.min(layer.length, most.ranks),
      count: Math.min(layer.neurons, most.vectors),
      whole: { length: layer.length, count: layer.neurons },
      initial: sortedRows(at(initial)),
      laperm: sortedRows(at(laperm)),
      adam: sortedRows(at(adam)),
    },
  }
}
