/** The pictures that move with the training: made once, drawn from the run's history and the last snapshot. */
import type { LayerView, NeuronView, Snapshot } from '../messages/events.ts'
import { makeDistanceChart } from '../pictures/distance-chart.ts'
import { makeNeuronImage } from '../pictures/neuron-image.ts'
import { makeSortedVectors } from '../pictures/sorted-vectors.ts'
import { makeTrainingChart } from '../pictures/training-chart.ts'
import { contenderNames, contenderTitles } from '../settings/run-settings.ts'
import {
  accuracyCaption,
  adamSortedCaption,
  distanceCaption,
  lapermSortedCaption,
  lossCaption,
  neuronCaption,
} from './captions.ts'
import { byId, make, setText } from './elements.ts'
import type { FrameQueue } from './frame-queue.ts'
import { countText } from './number-text.ts'
import { lossWindow, type RunHistory } from './run-history.ts'

export interface PicturesSection {
  /** Each picture is drawn in a frame's time that is its own. */
  readonly showHistory: (history: RunHistory, frames: FrameQueue) => void
  /** @param withNeuron false where the neuron is shown as it was at another moment. */
  readonly showSnapshot: (snapshot: Snapshot, frames: FrameQueue, withNeuron: boolean) => void
  readonly showNeuron: (view: NeuronView, frames: FrameQueue) => void
  /** Errors on a logarithmic scale in place of accuracies. */
  readonly showErrors: (isError: boolean) => void
  readonly showLayers: (layers: readonly LayerView[]) => void
  /** Look at another neuron of the layer. */
  readonly look: (neuron: number) => void
}

/** A picture in its panel, with a line below that says what one sees in it. */
const panel = (...pictures: readonly HTMLElement[]) => {
  const caption = make('p', { className: 'note' })
  return {
    element: make('div', { className: 'panel' }, ...pictures, caption),
    say: (text: string): void => setText(caption, text),
  }
}

/** @param onView another layer or neuron is wanted. */
export const makePicturesSection = (onView: (layer: string, neuron: number) => void): PicturesSection => {
  const accuracy = makeTrainingChart({
    title: 'Test accuracy',
    yLabel: 'test images read right',
    scale: 'linear',
    valueFormat: 'percent',
  })
  const error = makeTrainingChart({
    title: 'Test error',
    yLabel: 'test images read wrong, on a logarithmic scale',
    scale: 'log',
    valueFormat: 'percent',
  })
  error.element.hidden = true
  const loss = makeTrainingChart({ title: 'Training loss', yLabel: 'cross-entropy, in nats', scale: 'log' })
  const neuron = makeNeuronImage({ title: "One neuron's incoming weights" })
  const lapermSorted = makeSortedVectors({ title: 'LaPerm: sorted weight vectors' })
  const adamSorted = makeSortedVectors({ title: 'Adam: sorted weight vectors', kind: 'adam' })
  const distance = makeDistanceChart({
    title: 'Ranking distance',
    yLabel: 'places that one step moves a weight in the order of its neuron, on average',
  })
  const neuronPlace = byId('neuron-picture', HTMLElement)
  const neuronNote = byId('neuron-note', HTMLElement)
  const layerSelect = byId('layer', HTMLSelectElement)
  const neuronInput = byId('neuron', HTMLInputElement)
  let layers: readonly LayerView[] = []

  const accuracyPanel = panel(accuracy.element, error.element)
  const lossPanel = panel(loss.element)
  const lapermPanel = panel(lapermSorted.element)
  const adamPanel = panel(adamSorted.element)
  const distancePanel = panel(distance.element)
  byId('charts', HTMLElement).append(accuracyPanel.element, lossPanel.element)
  neuronPlace.append(neuron.element)
  byId('sorted-pictures', HTMLElement).append(lapermPanel.element, adamPanel.element)
  byId('distance-picture', HTMLElement).append(distancePanel.element)

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

  /** What is shown is what was chosen, or what the worker has chosen where nobody has. */
  const showChoice = (layer: string, number: number): void => {
    if (document.activeElement === layerSelect || document.activeElement === neuronInput) return
    if (layerSelect.value !== layer) layerSelect.value = layer
    neuronInput.max = String((chosen()?.neurons ?? 1) - 1)
    if (neuronInput.value !== String(number)) neuronInput.value = String(number)
  }
  const showNeuron = (view: NeuronView, frames: FrameQueue): void => {
    const { image } = view
    neuronPlace.hidden = image === null
    if (image !== null) frames.put('neuron', () => neuron.update(image))
    setText(neuronNote, neuronCaption(view))
  }

  return {
    showNeuron,
    showErrors: (isError) => {
      accuracy.element.hidden = isError
      error.element.hidden = !isError
    },
    showHistory: (history, frames) => {
      const common = { syncSteps: history.syncs, lastStep: history.step() }
      const lines = (of: RunHistory['losses']) =>
        contenderNames.flatMap((name) =>
          of[name].steps.length === 0 && name === 'lookahead'
            ? []
            : [{ name: contenderTitles[name], kind: name, ...of[name] }],
        )
      frames.put('accuracy', () => {
        const series = lines(history.accuracies)
        if (error.element.hidden) accuracy.update({ series, ...common })
        else
          error.update({
            series: series.map((line) => ({ ...line, values: line.values.map((share) => 1 - share) })),
            ...common,
          })
        accuracyPanel.say(accuracyCaption(history))
      })
      frames.put('loss', () => {
        loss.update({ series: lines(history.losses), ...common })
        lossPanel.say(lossCaption(history, lossWindow))
      })
      const length = layers[0]?.length ?? 1
      frames.put('distance', () => {
        const { steps, values } = history.distances
        distance.update({ steps, values: values.map((share) => share * length), ...common })
        distancePanel.say(distanceCaption(history, length))
      })
    },
    showSnapshot: (snapshot, frames, withNeuron) => {
      const { step, layer, neuron: number, sorted } = snapshot
      const when = step === 0 ? 'before training' : `after the synchronization at step ${countText(step)}`
      showChoice(layer, number)
      if (withNeuron) showNeuron(snapshot, frames)
      const { length, count, whole, initial } = sorted
      const common = { length, count, whole, reference: initial }
      frames.put('laperm', () => {
        lapermSorted.update({ ...common, sorted: sorted.laperm, label: `${layer}, ${when}` })
        lapermPanel.say(lapermSortedCaption(snapshot))
      })
      frames.put('adam', () => {
        adamSorted.update({ ...common, sorted: sorted.adam, label: `${layer}, ${step === 0 ? when : 'now'}` })
        adamPanel.say(adamSortedCaption(snapshot))
      })
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
