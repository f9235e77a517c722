/** The hand at the pad: pointers and keys become strokes in the raster's pixels. */
import { digitSide } from './centre-digit.ts'

export type Point = readonly [x: number, y: number]

/** What a hand does. */
export interface PenActions {
  readonly stroke: (from: Point, to: Point) => void
  readonly clear: () => void
  /** The keyboard's cursor is somewhere else, or no longer to be seen. */
  readonly moved: () => void
  /** Tell somebody who does not see the cursor. */
  readonly say: (sentence: string) => void
}

export interface Pen {
  /** Where the keyboard's pen is, while the keyboard is used. */
  readonly cursor: () => { readonly at: Point; readonly down: boolean } | undefined
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * Listen on an element.
 *
 * @param side pixels across the raster that covers the element; an arrow key goes a 28th of it.
 */
export const makePen = (element: HTMLElement, side: number, actions: PenActions): Pen => {
  let last: Point | undefined
  let at: Point = [side / 2, side / 2]
  let down = false
  let byKeys = false

  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return [((clientX - left) / width) * side, ((clientY - top) / height) * side]
  }
  element.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary || event.button !== 0) return
    element.setPointerCapture(event.pointerId)
    byKeys = down = false
    last = pointOf(event)
    actions.stroke(last, last)
  })
  element.addEventListener('pointermove', (event) => {
    if (last === undefined || !event.isPrimary) return
    const between = event.getCoalescedEvents?.() ?? []
    for (const each of between.length > 0 ? between : [event]) {
      const next = pointOf(each)
      actions.stroke(last, next)
      last = next
    }
  })
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
    element.addEventListener(end, () => {
      last = undefined
    })

  const cell = side / digitSide
  const move = ([dx, dy]: Point): void => {
    const clamp = (coordinate: number): number => Math.max(cell / 2, Math.min(side - cell / 2, coordinate))
    const next: Point = [clamp(at[0] + dx * cell), clamp(at[1] + dy * cell)]
    if (down) actions.stroke(at, next)
    at = next
    const [column, row] = at.map((coordinate) => Math.ceil(coordinate / cell))
    actions.say(`${down ? 'drawing, ' : ''}row ${row}, column ${column} of ${digitSide}`)
  }
  const toggle = (): void => {
    down = !down
    if (down) actions.stroke(at, at)
    actions.say(down ? 'Pen down.' : 'Pen up.')
  }
  element.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const arrow = arrows[event.key]
    if (arrow !== undefined) move(arrow)
    else if (event.key === ' ') {
      if (!event.repeat) toggle()
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      down = false
      actions.clear()
    } else return
    event.preventDefault()
    byKeys = true
    actions.moved()
  })
  element.addEventListener('focus', () => {
    // A click focuses too, and shows no cursor.
    byKeys = element.matches(':focus-visible') && last === undefined
    actions.moved()
  })
  element.addEventListener('blur', () => {
    byKeys = down = false
    actions.moved()
  })

  return { cursor: () => (byKeys ? { at, down } : undefined) }
}
