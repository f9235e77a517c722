/** A square to draw a digit on, by mouse, finger, pen or keyboard; every change gives the image that a network sees. */
import { makeSurface } from '../pictures/canvas.ts'
import { parseColour } from '../pictures/colour-map.ts'
import { makeElement } from '../pictures/picture.ts'
import { makePixels } from '../pictures/pixels.ts'
import { strokeInto } from './brush.ts'
import { centreDigit, digitSide } from './centre-digit.ts'
import { enlarge } from './enlarge.ts'
import { makePen } from './pen.ts'

export interface DigitPadOptions {
  /** Called once a frame while the drawing changes, and after `clear`: 784 values in 0..1, white on black, centred as MNIST's. The array is the caller's. */
  readonly onDraw: (image: Float32Array) => void
  /** What the pad is for, for screen readers. */
  readonly label: string
}

export interface DigitPad {
  readonly element: HTMLElement
  readonly clear: () => void
  /** Put an image on the pad in place of what is drawn: 28 by 28 values in 0..1, row by row. Networks see it as it is. */
  readonly show: (image: Float32Array) => void
  /** The image now; all zeros where nothing is drawn. */
  readonly image: () => Float32Array
  readonly dispose: () => void
}

/** Pixels of the raster, twelve to a pixel of the image; a stroke is as wide, for a digit of usual size, as MNIST's are. */
const side = 12 * digitSide
const [radius, softness] = [14, 3]

const instructions =
  'Draw with mouse, finger or pen. By keyboard: arrows move, space sets the pen down or lifts it, Delete clears.'

/** Make the pad. */
export const makeDigitPad = ({ onDraw, label }: DigitPadOptions): DigitPad => {
  const grey = new Float32Array(side * side)
  const raster = makePixels(side, side)
  const seen = makePixels(digitSide, digitSide)

  const element = makeElement('div', 'digit-pad')
  const board = makeElement('div', 'digit-pad-board')
  const hint = makeElement('p', 'digit-pad-hint', instructions)
  const state = makeElement('p', 'digit-pad-state')
  hint.id = `digit-pad-${Math.random().toString(36).slice(2)}`
  state.setAttribute('role', 'status')
  board.tabIndex = 0
  for (const [name, value] of Object.entries({
    role: 'application',
    'aria-label': label,
    'aria-describedby': hint.id,
  }))
    board.setAttribute(name, value)

  const surface = makeSurface(
    ({ context, width, theme }) => {
      const [red, green, blue] = parseColour(theme.text)
      const { data } = raster
      for (let i = 0; i < grey.length; i++) {
        data[4 * i] = red
        data[4 * i + 1] = green
        data[4 * i + 2] = blue
        data[4 * i + 3] = 255 * grey[i]
      }
      raster.show()
      context.imageSmoothingQuality = 'high'
      context.drawImage(raster.canvas, 0, 0, width, width)
      const cursor = pen.cursor()
      if (cursor === undefined) return
      const unit = width / side
      context.beginPath()
      context.arc(cursor.at[0] * unit, cursor.at[1] * unit, (radius + 3) * unit, 0, 2 * Math.PI)
      context.lineWidth = 5
      context.strokeStyle = theme.surface
      context.stroke()
      context.lineWidth = cursor.down ? 3 : 1.5
      context.strokeStyle = theme.adam
      context.stroke()
    },
    (width) => width,
  )
  surface.canvas.setAttribute('aria-hidden', 'true')

  /** What was put on the pad, which is centred already; gone with the next stroke. */
  let given: Float32Array | undefined
  const image = (): Float32Array => given?.slice() ?? centreDigit(grey, side)
  const showSeen = (now: Float32Array): void => {
    for (let i = 0; i < now.length; i++) {
      seen.data.fill(255 * now[i], 4 * i, 4 * i + 3)
      seen.data[4 * i + 3] = 255
    }
    seen.show()
  }
  let reporting = 0
  const report = (): void => {
    reporting = 0
    const now = image()
    showSeen(now)
    onDraw(now)
  }
  const changed = (): void => {
    surface.redraw()
    if (reporting === 0) reporting = requestAnimationFrame(report)
  }
  const clear = (): void => {
    given = undefined
    grey.fill(0)
    changed()
  }
  const show = (next: Float32Array): void => {
    given = next
    enlarge(next, digitSide, grey, side)
    changed()
  }
  const pen = makePen(board, side, {
    stroke: (from, to) => {
      given = undefined
      strokeInto(grey, side, from, to, radius, softness)
      changed()
    },
    clear: () => {
      clear()
      state.textContent = 'Cleared.'
    },
    moved: surface.redraw,
    say: (sentence) => {
      state.textContent = sentence
    },
  })

  const inset = makeElement('figure', 'digit-pad-seen')
  seen.canvas.setAttribute('role', 'img')
  seen.canvas.setAttribute('aria-label', 'The drawing as the networks see it: 28 by 28 pixels, centred.')
  showSeen(image())
  inset.append(seen.canvas, makeElement('figcaption', '', 'as the networks see it, 28 × 28'))
  board.append(surface.canvas)
  element.append(board, inset, hint, state)

  return {
    element,
    clear,
    show,
    image,
    dispose: () => {
      cancelAnimationFrame(reporting)
      surface.dispose()
    },
  }
}
