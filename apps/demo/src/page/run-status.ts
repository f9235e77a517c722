/** What the line below the buttons says of the run. */
import type { TrainingState } from '../messages/events.ts'
import { contenderNames, contenderTitles } from '../settings/run-settings.ts'
import { milestoneText } from './milestones.ts'
import { countText, percentText } from './number-text.ts'
import type { RunHistory } from './run-history.ts'

/** The scores and the proof, in a sentence each. */
const summaryOf = (history: RunHistory): string => {
  const scores = contenderNames.flatMap((name) => {
    const value = history.accuracies[name].values.at(-1)
    return value === undefined ? [] : [`${contenderTitles[name]} ${percentText(value)}`]
  })
  const proof = history.proof()
  const proven =
    proof === null
      ? ''
      : ` ${countText(proof.permutedVectors)} of ${countText(proof.weightVectors)} weight vectors are permutations of θ₀.`
  return `Test accuracy: ${scores.join(', ')}.${proven}`
}

/** @param detail what is being prepared, or why the run has paused; may be empty. */
export const statusText = (state: TrainingState, detail: string, history: RunHistory): string => {
  const why = detail === '' ? '' : `: ${detail}`
  switch (state) {
    case 'preparing':
      return `Preparing${why} …`
    case 'running':
      return `Training. ${milestoneText(history)}`.trim()
    case 'paused':
      return `Step ${countText(history.step())}${why}. ${summaryOf(history)}`
    case 'idle':
      return ''
    default:
      return state satisfies never
  }
}
