/** The first thing that is seen: the neurons of a layer as images, and what moves, what stays and why that counts, in numbers of the run. */
import type { NeuronView, Proof } from '../messages/events.ts'
import { makeNeuronGrid } from '../pictures/neuron-grid.ts'
import { byId, setText } from './elements.ts'
import type { FrameQueue } from './frame-queue.ts'
import { countText, percentText } from './number-text.ts'
import type { RunHistory } from './run-history.ts'

export interface StorySection {
  /** The picture of the neurons. */
  readonly canvas: HTMLCanvasElement
  readonly showNeurons: (view: NeuronView, frames: FrameQueue) => void
  readonly showHistory: (history: RunHistory) => void
}

/** Few enough that a sentence can name them. */
const fewValues = 3

/** The different values, ascending; null where there are more than a few. */
const distinct = (values: Float32Array): readonly number[] | null => {
  const found = new Set<number>()
  for (const value of values) {
    // Both zeros are 0 to people.
    found.add(value === 0 ? 0 : value)
    if (found.size > fewValues) return null
  }
  return [...found].sort((a, b) => a - b)
}

/** Long enough to follow, and over before the next synchronization. */
const flightMs = 280

const listed = new Intl.ListFormat('en', { type: 'disjunction' })
const valueText = (value: number): string => Number(value.toPrecision(3)).toString()

const movesText = (proof: Proof | null): string =>
  proof === null
    ? 'the weights. Each square is one weight of one neuron.'
    : proof.movedWeights === 0
      ? 'nothing yet: between two synchronizations no weight has overtaken another.'
      : `${countText(proof.movedWeights)} of ${countText(proof.weights)} weights are in another place than at first, as of step ${countText(proof.step)}.`

const staysText = (values: readonly number[] | null, proof: Proof | null): string => {
  const what =
    values === null
      ? 'the values: each neuron has those that it was born with'
      : `the values: each weight is ${listed.format(values.map(valueText))}, and as many are as at first`
  return proof === null || proof.difference === null
    ? `${what}.`
    : 'it should be the values, but it is not: see below.'
}

const whyText = (accuracy: number | undefined, isTrained: boolean): string =>
  accuracy === undefined || !isTrained
    ? 'no weight is tuned. Places are all that can be learned.'
    : `no weight was tuned, and by places alone ${percentText(accuracy)} of the test images are read right.`

/** @param onChoose another neuron of the layer is wanted. */
export const makeStorySection = (onChoose: (neuron: number) => void): StorySection => {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)')
  const grid = makeNeuronGrid({
    flightMs: () => (isStill.matches ? 0 : flightMs),
    title: 'The neurons that only move their weights',
    note: 'incoming weights of each neuron as an image, after each synchronization; a click looks at one below',
    onChoose,
  })
  const place = byId('grid-picture', HTMLElement)
  const [moves, stays, why] = ['told-moves', 'told-stays', 'told-why'].map((id) => byId(id, HTMLElement))
  let values: readonly number[] | null = null
  place.append(grid.element)
  return {
    canvas: grid.canvas,
    showNeurons: ({ images, neuron }, frames) => {
      place.hidden = images === null
      values = images === null ? null : distinct(images.values)
      if (images !== null) frames.put('grid', () => grid.update({ ...images, chosen: neuron }))
    },
    showHistory: (history) => {
      const proof = history.proof()
      const accuracies = history.accuracies.laperm.values
      setText(moves, movesText(proof))
      setText(stays, staysText(values, proof))
      setText(why, whyText(accuracies[accuracies.length - 1], proof !== null))
    },
  }
}
