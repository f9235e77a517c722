/** Where a run is worth a first look: the layer and the neuron whose weights have moved most. */
import { type Params, weightVectorsSize } from '@laperm/core'
import { layerViews, type View } from './snapshot.ts'

/**
 * The neuron of which the largest share of its weights' size is in other places, of the layer of which that is so; only layers whose weights make
 * squares, where there are such. Of equals the first.
 *
 * @returns null where nothing has moved.
 */
export const mostMoved = (initial: Params, now: Params): View | null => {
  const layers = layerViews(initial)
  const squares = layers.filter(({ side }) => side !== null)
  let [best, bestShare]: [View | null, number] = [null, 0]
  for (const { name } of squares.length > 0 ? squares : layers) {
    const index = initial.findIndex((parameter) => parameter.name === name)
    const [before, after] = [initial[index].values, now[index].values]
    const { count } = weightVectorsSize(initial[index].shape)
    const moved = new Float64Array(count)
    const whole = new Float64Array(count)
    for (let i = 0; i < before.length; i++) {
      moved[i % count] += Math.abs(after[i] - before[i])
      whole[i % count] += Math.abs(before[i])
    }
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
    const share = sum(moved) / sum(whole)
    if (!(share > bestShare)) continue
    const shares = moved.map((size, neuron) => (whole[neuron] === 0 ? 0 : size / whole[neuron]))
    best = { layer: name, neuron: shares.indexOf(Math.max(...shares)) }
    bestShare = share
  }
  return best
}
