/** Start, pause, step, reset and the link: buttons whose words follow the state of the run. */
import type { TrainingState } from '../messages/events.ts'
import { byId, setText } from './elements.ts'

export interface RunControls {
  readonly show: (state: TrainingState, stepsTaken: number, startsAnew: boolean) => void
}

export interface RunActions {
  readonly start: () => void
  readonly pause: () => void
  readonly step: () => void
  readonly reset: () => void
  readonly copyLink: () => void
}

const startWords = (state: TrainingState, stepsTaken: number, startsAnew: boolean): string => {
  switch (state) {
    case 'running':
      return 'Pause'
    case 'preparing':
      return 'Starting …'
    case 'idle':
    case 'paused':
      return stepsTaken === 0 ? 'Start' : startsAnew ? 'Start anew' : 'Go on'
    default:
      return state satisfies never
  }
}

export const makeRunControls = (actions: RunActions): RunControls => {
  const start = byId('start', HTMLButtonElement)
  const step = byId('step', HTMLButtonElement)
  const reset = byId('reset', HTMLButtonElement)
  let state: TrainingState = 'idle'
  start.addEventListener('click', () => {
    // Not `disabled`: a button that is gets no focus, and the keyboard would lose its place.
    if (state === 'preparing') return
    if (state === 'running') actions.pause()
    else actions.start()
  })
  step.addEventListener('click', () => {
    if (state !== 'preparing') actions.step()
  })
  reset.addEventListener('click', actions.reset)
  byId('copy', HTMLButtonElement).addEventListener('click', actions.copyLink)
  return {
    show: (next, stepsTaken, startsAnew) => {
      state = next
      setText(start, startWords(state, stepsTaken, startsAnew))
      start.setAttribute('aria-disabled', String(state === 'preparing'))
      step.setAttribute('aria-disabled', String(state === 'preparing'))
    },
  }
}
