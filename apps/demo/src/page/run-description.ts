/** What a run is made of and measured by, in the notes that stand beside its numbers. */
import type { TrainingEvent } from '../messages/events.ts'
import { byId, setText } from './elements.ts'
import { countText } from './number-text.ts'

export const describeRun = ({
  watchedExamples,
  testExamples,
  data,
  trainExamples,
  parameters,
  engine,
}: Extract<TrainingEvent, { readonly kind: 'prepared' }>): void => {
  setText(
    byId('scores-note', HTMLElement),
    `Measured on ${countText(watchedExamples)} of the ${countText(testExamples)} test images of ${data}.`,
  )
  setText(
    byId('engine-note', HTMLElement),
    `${engine}. ${countText(parameters)} parameters a network, ${countText(trainExamples)} training images.`,
  )
}
