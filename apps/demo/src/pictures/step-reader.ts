/** The invisible slider over a plot: by pointer or keys it chooses the step whose values are read. */
import { makeElement } from './picture.ts'

export interface StepReader {
  readonly element: HTMLElement
  /** Cover this part of the canvas, in CSS pixels. */
  readonly place: (left: number, top: number, width: number, height: number) => void
  /** The chosen step; undefined where nobody reads, which shows the newest values. */
  readonly chosen: () => number | undefined
  /** Tell what there is to read: ascending steps, the end of the axis, and the values at a step in words. */
  readonly offer: (steps: ArrayLike<number>, axisEnd: number, valuesAt: (step: number) => string) => void
}

/**
 * Make the slider.
 *
 * Left and right go from one recorded step to the next, page up and down by a tenth of the run, home and end to its ends; escape
 * lets go. At the end it follows the run as it grows.
 *
 * @param label its name for screen readers.
 * @param onChange the chosen step changed.
 */
export const makeStepReader = (label: string, onChange: () => void): StepReader => {
  const element = makeElement('div', 'picture-reader')
  element.tabIndex = 0
  const attributes = {
    role: 'slider',
    'aria-label': label,
    'aria-valuemin': '0',
    'aria-orientation': 'horizontal',
  }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)

  let steps: ArrayLike<number> = []
  let axisEnd = 10
  let valuesAt: (step: number) => string = () => 'nothing yet'
  let chosen: number | 'newest' | undefined

  const newest = (): number => (steps.length === 0 ? 0 : steps[steps.length - 1])
  const step = (): number | undefined => (chosen === 'newest' ? newest() : chosen)
  const speak = (): void => {
    const now = step() ?? newest()
    element.setAttribute('aria-valuemax', String(newest()))
    element.setAttribute('aria-valuenow', String(now))
    element.setAttribute('aria-valuetext', valuesAt(now))
  }
  speak()
  const choose = (next: number | 'newest' | undefined): void => {
    if (next === chosen) return
    chosen = next
    speak()
    onChange()
  }
  const nearest = (wanted: number): number | 'newest' | undefined => {
    if (steps.length === 0) return undefined
    let best = 0
    for (let i = 1; i < steps.length; i++)
      if (Math.abs(steps[i] - wanted) < Math.abs(steps[best] - wanted)) best = i
    return best === steps.length - 1 ? 'newest' : steps[best]
  }
  const go = (places: number): void => {
    if (steps.length === 0) return
    const now = step() ?? newest()
    let index = 0
    while (index + 1 < steps.length && steps[index + 1] <= now) index++
    const next = Math.max(0, Math.min(steps.length - 1, index + places))
    choose(next === steps.length - 1 ? 'newest' : steps[next])
  }

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(-1),
    ArrowDown: () => go(-1),
    ArrowRight: () => go(1),
    ArrowUp: () => go(1),
    PageDown: () => go(-Math.ceil(steps.length / 10)),
    PageUp: () => go(Math.ceil(steps.length / 10)),
    Home: () => go(-steps.length),
    End: () => go(steps.length),
    Escape: () => choose(undefined),
  }
  element.addEventListener('keydown', (event) => {
    const act = keys[event.key]
    if (act === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    act()
  })
  const point = (event: PointerEvent): void => {
    const { left, width } = element.getBoundingClientRect()
    choose(nearest(((event.clientX - left) / Math.max(1, width)) * axisEnd))
  }
  element.addEventListener('pointermove', point)
  element.addEventListener('pointerdown', point)
  element.addEventListener('pointerleave', ({ pointerType }) => {
    // A finger leaves with every lift; what it chose stays until another place is touched.
    if (pointerType === 'mouse') choose(undefined)
  })
  element.addEventListener('focus', () => {
    if (chosen === undefined && steps.length > 0) choose('newest')
  })
  element.addEventListener('blur', () => choose(undefined))

  return {
    element,
    place: (left, top, width, height) => {
      Object.assign(element.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${height}px`,
      })
    },
    chosen: step,
    offer: (offered, end, words) => {
      steps = offered
      axisEnd = end
      valuesAt = words
      if (typeof chosen === 'number' && chosen > newest()) chosen = undefined
      speak()
    },
  }
}
