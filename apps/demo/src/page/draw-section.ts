/** Draw a digit: the pad, and what each network says about the drawing. */
import { makeDigitPad } from '../digit-pad/digit-pad.ts'
import type { Opinion } from '../messages/events.ts'
import { contenderTitles } from '../settings/run-settings.ts'
import { byId, make, setText } from './elements.ts'
import { countText, percentText } from './number-text.ts'

export interface DrawSection {
  readonly show: (opinions: readonly Opinion[]) => void
  readonly showSample: (image: Float32Array) => void
  /** There is nobody to ask. */
  readonly refused: (reason: string) => void
  /** There are networks, and they are others now: ask again about what is drawn. */
  readonly refresh: () => void
}

const titleOf = ({ network, step }: Pick<Opinion, 'network' | 'step'>): string => {
  if (network === 'loaded') return 'From your file'
  return step === null ? contenderTitles[network] : `${contenderTitles[network]} at step ${countText(step)}`
}

const invitation = 'Draw with mouse, finger or keyboard.'

const bars = (probabilities: readonly number[]): HTMLElement => {
  const list = make('ol', { className: 'bars' })
  list.append(
    ...probabilities.map((probability, digit) => {
      const bar = make('span', { className: 'bar-fill' })
      bar.style.height = `${(100 * probability).toFixed(1)}%`
      const item = make(
        'li',
        {},
        make('span', { className: 'bar-box' }, bar),
        make('span', { className: 'bar-digit' }, String(digit)),
      )
      item.setAttribute('aria-label', `${digit}: ${percentText(probability)}`)
      return item
    }),
  )
  return list
}

/**
 * @param ask sends one image; the answer comes to `show`. Never two questions at a time: the latest drawing waits.
 * @param askSample asks for a test image of a digit; it comes to `showSample`.
 */
export const makeDrawSection = (
  ask: (image: Float32Array) => void,
  askSample: (digit: number) => void,
): DrawSection => {
  const body = byId('opinions', HTMLTableElement).tBodies[0]
  const note = byId('opinions-note', HTMLElement)
  let asked = false
  let waiting: Float32Array | undefined
  let spoken: ReturnType<typeof setTimeout> | undefined

  const inquire = (image: Float32Array): void => {
    if (image.every((ink) => ink === 0)) {
      waiting = undefined
      body?.replaceChildren()
      setText(note, invitation)
      return
    }
    if (asked) {
      waiting = image
      return
    }
    asked = true
    waiting = undefined
    ask(image)
  }
  const pad = makeDigitPad({ onDraw: inquire, label: 'Drawing pad: draw a digit from 0 to 9' })
  const clear = make('button', { type: 'button', id: 'clear' }, 'Clear')
  clear.addEventListener('click', pad.clear)
  const samples = byId('samples', HTMLElement)
  for (let digit = 0; digit < 10; digit++) {
    const sample = make('button', { type: 'button' }, String(digit))
    sample.setAttribute('aria-label', `Put a ${digit} of the test images on the pad`)
    sample.addEventListener('click', () => askSample(digit))
    samples.append(sample)
  }
  samples.append(clear)
  byId('pad', HTMLElement).append(pad.element)

  const rowOf = ({ network, step, probabilities }: Opinion): HTMLTableRowElement => {
    const says = probabilities.indexOf(Math.max(...probabilities))
    const row = make('tr', { className: network })
    row.dataset.network = network
    const head = make('th', {}, titleOf({ network, step }))
    head.scope = 'row'
    row.append(
      head,
      make(
        'td',
        {},
        make('strong', { className: 'says' }, String(says)),
        ` ${percentText(probabilities[says])}`,
      ),
      make('td', {}, bars(probabilities)),
    )
    return row
  }

  return {
    show: (opinions) => {
      asked = false
      const isEmpty = pad.image().every((ink) => ink === 0)
      body?.replaceChildren(...(isEmpty ? [] : opinions.map(rowOf)))
      clearTimeout(spoken)
      // Said once the hand rests.
      spoken = setTimeout(() => {
        setText(
          note,
          opinions.length === 0
            ? 'There is no network yet: press Start first.'
            : isEmpty
              ? invitation
              : opinions
                  .map(
                    ({ network, step, probabilities }) =>
                      `${titleOf({ network, step })} says ${probabilities.indexOf(Math.max(...probabilities))}`,
                  )
                  .join(', '),
        )
      }, 400)
      if (waiting !== undefined) inquire(waiting)
    },
    showSample: pad.show,
    refused: (reason) => {
      asked = false
      body?.replaceChildren()
      clearTimeout(spoken)
      setText(note, reason)
    },
    refresh: () => {
      asked = false
      inquire(pad.image())
    },
  }
}
