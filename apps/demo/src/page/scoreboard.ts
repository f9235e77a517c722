/** The three accuracies, the proof, and where the run is: the page's first glance. */
import type { Proof } from '../messages/events.ts'
import { type ContenderName, contenderNames } from '../settings/run-settings.ts'
import { byId, setText } from './elements.ts'
import { countText, percentText } from './number-text.ts'
import type { RunHistory } from './run-history.ts'

export interface Scoreboard {
  /** @param isError shares of images that are read wrong in place of those read right. */
  readonly show: (history: RunHistory, isError: boolean) => void
}

const proofText = (proof: Proof, stepsSinceSync: number): string => {
  const moved = `${countText(proof.movedWeights)} of ${countText(proof.weights)} weights are in a new place.`
  const since =
    stepsSinceSync === 0
      ? ''
      : ` Since then Adam has taken ${countText(stepsSinceSync)} step${stepsSinceSync === 1 ? '' : 's'} inside LaPerm: until the next synchronization the weights are none.`
  if (proof.difference === null && proof.movedWeights === 0)
    return `Nothing can move: between two synchronizations no weight overtakes another. A larger sync period or learning rate lets them.${freeText(proof)}`
  return proof.difference === null
    ? `Computed after step ${countText(proof.step)} from the network's own weights. ${moved}${freeText(proof)}${since}`
    : `${proof.difference} This should never happen: please report it with the link to this run.`
}

const roleTitles: Readonly<Record<string, string>> = { bias: 'biases' }

/** What no permutation binds is named. */
const freeText = ({ free }: Proof): string =>
  free
    .map(
      ({ role, weights }) =>
        ` The ${countText(weights)} ${roleTitles[role] ?? role} are not permuted but trained freely, as in the paper.`,
    )
    .join('')

export const makeScoreboard = (): Scoreboard => {
  const scores = Object.fromEntries(
    contenderNames.map((name) => [name, byId(`score-${name}`, HTMLElement)]),
  ) as Record<ContenderName, HTMLElement>
  const board = byId('scores', HTMLElement)
  const where = byId('where', HTMLElement)
  const proofBox = byId('proof', HTMLElement)
  const claim = proofBox.querySelector('.claim')
  const detail = byId('proof-detail', HTMLElement)
  const verdict = byId('verdict', HTMLElement)
  const [beforeDetail, lead] = [detail.textContent ?? '', 'All weight vectors are permutations of θ₀: ']

  const showProof = (proof: Proof | null, stepsSinceSync: number): void => {
    const isStill = proof !== null && proof.difference === null && proof.movedWeights === 0
    const state = proof === null ? 'none' : proof.difference !== null ? 'no' : isStill ? 'still' : 'yes'
    proofBox.dataset.verdict = state
    const first = claim?.firstChild
    const sentence =
      proof === null ? lead : `All ${countText(proof.weightVectors)} weight vectors are permutations of θ₀: `
    if (first && first.textContent !== sentence) first.textContent = sentence
    setText(
      verdict,
      proof === null
        ? 'not checked yet'
        : proof.difference === null
          ? isStill
            ? '⚠ yes, but no weight has moved'
            : 'yes'
          : `no, only ${countText(proof.permutedVectors)}`,
    )
    setText(detail, proof === null ? beforeDetail : proofText(proof, stepsSinceSync))
  }

  return {
    show: (history, isError) => {
      const last = history.last()
      const step = history.step()
      where.dataset.step = String(step)
      setText(
        where,
        last === null || last.msPerStep === 0
          ? `Step ${countText(step)}`
          : `Step ${countText(step)} · ${(1000 / last.msPerStep).toFixed(last.msPerStep > 100 ? 1 : 0)} a second`,
      )
      board.dataset.scale = isError ? 'error' : 'accuracy'
      for (const name of contenderNames) {
        const { values } = history.accuracies[name]
        const value = values.at(-1)
        // Lookahead has a place where it takes part.
        if (name === 'lookahead')
          scores[name].closest<HTMLElement>('.score')?.toggleAttribute('hidden', value === undefined)
        setText(scores[name], value === undefined ? '–' : percentText(isError ? 1 - value : value))
      }
      showProof(history.proof(), last?.stepsSinceSync ?? 0)
    },
  }
}
