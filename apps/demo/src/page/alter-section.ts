/** What the places are worth: shuffle them, keep them and replace the values, or take Adam's in one move. */
import { type Alteration, type DealtValues, dealtTitles, dealtValues } from '../alterations/alteration.ts'
import type { Altered } from '../messages/events.ts'
import { makeNeuronGrid } from '../pictures/neuron-grid.ts'
import { makeDrawnDistribution } from './drawn-distribution.ts'
import { byId, make, setText } from './elements.ts'
import type { FrameQueue } from './frame-queue.ts'
import { countText, percentText } from './number-text.ts'

export interface AlterSection {
  readonly show: (altered: Altered, frames: FrameQueue) => void
  /** It could not be done. */
  readonly refused: (reason: string) => void
  /** There is another run, or none: what was altered is gone. */
  readonly clear: () => void
}

const what = (alteration: Alteration): string => {
  switch (alteration.kind) {
    case 'shuffle':
      return alteration.share === 0
        ? 'With nothing shuffled'
        : `With ${Math.round(100 * alteration.share)}% of each neuron's weights shuffled`
    case 'deal':
      return `With the learned order and ${dealtTitles[alteration.values]}`
    case 'drawn':
      return 'With the learned order and the values that you drew'
    case 'adamOrder':
      return "With θ₀ in Adam's order"
    default:
      return alteration satisfies never
  }
}

/** @param ask sends one alteration; the answer comes to `show`. Never two at a time: the latest one waits. */
export const makeAlterSection = (ask: (alteration: Alteration) => void): AlterSection => {
  const said = byId('alter-said', HTMLElement)
  const slider = byId('shuffle', HTMLInputElement)
  const share = byId('shuffle-share', HTMLOutputElement)
  const place = byId('altered-picture', HTMLElement)
  const deal = byId('deal', HTMLElement)
  const grid = makeNeuronGrid({
    title: 'The altered neurons',
    note: 'the layer that is looked at above, as it was measured',
  })
  let isAsked = false
  let waiting: Alteration | undefined

  const inquire = (alteration: Alteration): void => {
    if (isAsked) {
      waiting = alteration
      return
    }
    isAsked = true
    ask(alteration)
  }
  const answered = (): void => {
    isAsked = false
    const next = waiting
    waiting = undefined
    if (next !== undefined) inquire(next)
  }
  const showShare = (): void => setText(share, `${slider.value}%`)
  slider.addEventListener('input', () => {
    showShare()
    uncheck()
    inquire({ kind: 'shuffle', share: slider.valueAsNumber / 100 })
  })
  const radios = dealtValues.map((values: DealtValues) => {
    const radio = make('input', { type: 'radio', name: 'deal', value: values, id: `deal-${values}` })
    radio.addEventListener('change', () => inquire({ kind: 'deal', values }))
    deal.append(make('label', { className: 'choice' }, radio, ` ${dealtTitles[values]}`))
    return radio
  })
  byId('drawn', HTMLElement).append(
    makeDrawnDistribution((shares) => {
      uncheck()
      inquire({ kind: 'drawn', shares })
    }),
  )
  const uncheck = (): void => {
    for (const radio of radios) radio.checked = false
  }
  byId('adam-order', HTMLButtonElement).addEventListener('click', () => {
    uncheck()
    inquire({ kind: 'adamOrder' })
  })
  place.append(grid.element)
  place.hidden = true
  setText(said, 'Nothing has been altered yet.')

  return {
    show: ({ alteration, step, accuracy, unaltered, images }, frames) => {
      setText(
        said,
        `${what(alteration)} the network reads ${percentText(accuracy)}; as LaPerm left it at step ${countText(step)}, ${percentText(unaltered)}.`,
      )
      place.hidden = images === null
      if (images !== null) frames.put('altered', () => grid.update({ ...images, chosen: null }))
      answered()
    },
    refused: (reason) => {
      setText(said, reason)
      answered()
    },
    clear: () => {
      isAsked = false
      waiting = undefined
      slider.value = '0'
      showShare()
      uncheck()
      place.hidden = true
      setText(said, 'Nothing has been altered yet.')
    },
  }
}
