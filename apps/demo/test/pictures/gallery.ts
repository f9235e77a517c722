/** Every picture with made-up data, for development: `npx vite apps/demo`, then /test/pictures/gallery.html. */
import { makeDigitPad } from '../../src/digit-pad/digit-pad.ts'
import { makeDistanceChart } from '../../src/pictures/distance-chart.ts'
import { makeNeuronImage } from '../../src/pictures/neuron-image.ts'
import type { Picture } from '../../src/pictures/picture.ts'
import { makeSortedVectors } from '../../src/pictures/sorted-vectors.ts'
import { makeTrainingChart } from '../../src/pictures/training-chart.ts'
import { madeUpAccuracy, madeUpDistance, madeUpLoss, madeUpNeuron, madeUpVectors } from './made-up-run.ts'

const show = <Data>(place: string, picture: Picture<Data>, ...data: readonly Data[]): void => {
  document.querySelector(place)?.append(picture.element)
  for (const each of data) picture.update(each)
}

const accuracy = {
  title: 'Accuracy',
  yLabel: 'share of 10,000 test digits named right',
  scale: 'linear',
  valueFormat: 'percent',
} as const
const loss = { title: 'Loss', yLabel: 'cross-entropy of a training batch', scale: 'log' } as const

show('#pair', makeTrainingChart(accuracy), madeUpAccuracy(1170, 50))
show('#pair', makeTrainingChart(loss), madeUpLoss(1170, 50))
show('#wide', makeTrainingChart({ ...loss, title: 'Loss of a short run' }), madeUpLoss(140, 20))
show('#pair-2', makeNeuronImage({ title: 'One neuron, reconnected' }), madeUpNeuron(60))
show('#pair-2', makeDistanceChart({ title: 'Ranking distance' }), madeUpDistance(940, 50))
show('#pair-3', makeSortedVectors({ title: 'Sorted weight vectors' }), madeUpVectors(0.35))
show('#pair-3', makeSortedVectors({ title: 'Sorted weight vectors' }), madeUpVectors(0.35), madeUpVectors(0))
show('#pair-4', makeTrainingChart({ ...loss, title: 'A long run' }), madeUpLoss(23_450, 250))
show('#pair-4', makeTrainingChart({ ...accuracy, title: 'Before the first step' }))
show('#wide-2', makeNeuronImage({ title: 'One neuron, as wide as the page' }), madeUpNeuron(60))

const pad = makeDigitPad({ onDraw: () => undefined, label: 'Draw a digit' })
document.querySelector('#pad')?.append(pad.element)
