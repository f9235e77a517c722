/** The pictures that move with the training: made once, drawn from the run's history and the last snapshot. */
import type { LayerView, Snapshot } from '../messages/events.ts'
import { makeDistanceChart } from '../pictures/distance-chart.ts'
import { makeNeuronImage } from '../pictures/neuron-image.ts'
import { makeSortedVectors } from '../pictures/sorted-vectors.ts'
import { makeTrainingChart } from '../pictures/training-chart.ts'
import { contenderNames, contenderTitles } from '../settings/run-settings.ts'
import { byId, make, setText } from './elements.ts'
import type { FrameQueue } from './frame-queue.ts'
import { countText } from './number-text.ts'
import { lossWindow, type RunHistory } from './run-history.ts'

export interface PicturesSection {
  /** Each picture is drawn in a frame's time that is its own. */
  readonly showHistory: (history: RunHistory, frames: FrameQueue) => void
  readonly showSnapshot: (snapshot: Snapshot, frames: FrameQueue) => void
  readonly showLayers: (layers: readonly LayerView[]) => void
  /** Look at another neuron of the layer. */
  readonly look: (neuron: number) => void
}

/** A picture in its panel, with what one sees in it and which figure of the paper it is. */
const panel = (picture: HTMLElement, caption: string): HTMLElement =>
  make('div', { className: 'panel' }, picture, make('p', { className: 'note' }, caption))

/** @param onView another layer or neuron is wanted. */
export const makePicturesSection = (onView: (layer: string, neuron: number) => void): PicturesSection => {
  const accuracy = makeTrainingChart({
    title: 'Test accuracy',
    yLabel: 'test images read right',
    scale: 'linear',
    valueFormat: 'percent',
  })
  const loss = makeTrainingChart({ title: 'Training loss', yLabel: 'cross-entropy, in nats', scale: 'log' })
  const neuron = makeNeuronImage({ title: "One neuron's incoming weights" })
  const lapermSorted = makeSortedVectors({ title: 'LaPerm: sorted weight vectors' })
  const adamSorted = makeSortedVectors({ title: 'Adam: sorted weight vectors', kind: 'adam' })
  const distance = makeDistanceChart({ title: 'Ranking distance' })
  const neuronPlace = byId('neuron-picture', HTMLElement)
  const neuronNote = byId('neuron-note', HTMLElement)
  const layerSelect = byId('layer', HTMLSelectElement)
  const neuronInput = byId('neuron', HTMLInputElement)
  let layers: readonly LayerView[] = []

  byId('charts', HTMLElement).append(
    panel(
      accuracy.element,
      'As in Figure 5 of the paper. LaPerm is measured right after a synchronization, when its weights are only moved ones.',
    ),
    panel(
      loss.element,
      `Mean of ${lossWindow} batches a point, without the L2 penalty. A synchronization puts LaPerm back a little, and it goes on from there.`,
    ),
  )
  neuronPlace.append(neuron.element)
  byId('sorted-pictures', HTMLElement).append(
    panel(
      lapermSorted.element,
      'As in Figures 1 and 2: each line is one neuron, its weights in ascending order. LaPerm never leaves θ₀.',
    ),
    panel(
      adamSorted.element,
      'The same layer trained by Adam: the values change, but the profile keeps its shape. That is why moving can be enough.',
    ),
  )
  byId('distance-picture', HTMLElement).append(
    panel(
      distance.element,
      "As in Figure 3, for LaPerm's first matrix, every tenth step: how far one step moves a weight in the order of its neuron.",
    ),
  )

  const chosen = (): LayerView | undefined => layers.find(({ name }) => name === layerSelect.value)
  const view = (): void => {
    const layer = chosen()
    if (layer === undefined) return
    const wanted = Math.floor(neuronInput.valueAsNumber)
    const within = Number.isFinite(wanted) ? Math.min(Math.max(0, wanted), layer.neurons - 1) : 0
    neuronInput.max = String(layer.neurons - 1)
    neuronInput.value = String(within)
    onView(layer.name, within)
  }
  layerSelect.addEventListener('change', view)
  neuronInput.addEventListener('change', view)

  return {
    showHistory: (history, frames) => {
      const common = { syncSteps: history.syncs, lastStep: history.step() }
      const lines = (of: RunHistory['losses']) =>
        contenderNames.map((name) => ({ name: contenderTitles[name], kind: name, ...of[name] }))
      frames.put('accuracy', () => accuracy.update({ series: lines(history.accuracies), ...common }))
      frames.put('loss', () => loss.update({ series: lines(history.losses), ...common }))
      frames.put('distance', () => distance.update({ ...history.distances, ...common }))
    },
    showSnapshot: ({ step, layer, neuron: number, image, sorted }, frames) => {
      const when = step === 0 ? 'before training' : `after the synchronization at step ${countText(step)}`
      neuronPlace.hidden = image === null
      if (image !== null) frames.put('neuron', () => neuron.update(image))
      setText(
        neuronNote,
        image === null
          ? `The incoming weights of ${layer} make no square image; choose another layer.`
          : `As in Figure 4: neuron ${countText(number)} of ${layer}, ${when}. Every arrow is one of its largest initial weights on the way to its new place; no weight is new, none is gone.`,
      )
      const { length, count, whole, initial } = sorted
      const common = { length, count, whole, reference: initial }
      frames.put('laperm', () =>
        lapermSorted.update({ ...common, sorted: sorted.laperm, label: `${layer}, ${when}` }),
      )
      frames.put('adam', () =>
        adamSorted.update({
          ...common,
          sorted: sorted.adam,
          label: `${layer}, ${step === 0 ? when : 'now'}`,
        }),
      )
    },
    showLayers: (next) => {
      if (
        next.map(({ name, neurons }) => `${name} ${neurons}`).join() ===
        layers.map(({ name, neurons }) => `${name} ${neurons}`).join()
      )
        return
      layers = next
      layerSelect.replaceChildren(
        ...layers.map(({ name, neurons, length }) =>
          make('option', { value: name }, `${name}: ${countText(neurons)} × ${countText(length)} weights`),
        ),
      )
      neuronInput.value = '0'
      neuronInput.max = String(layers[0].neurons - 1)
    },
    look: (neuron) => {
      neuronInput.value = String(neuron)
      view()
    },
  }
}
