/** The figure that every picture is: a caption, a canvas with its text alternative, room for more. */
import type { Surface } from './canvas.ts'

/** What every `makeX` of this folder gives. */
export interface Picture<Data> {
  readonly element: HTMLElement
  /** Show new data. The text alternative changes at once, the canvas in the next frame. Data are read, never kept longer than until the next update. */
  readonly update: (data: Data) => void
  /** Stop observing the page. The element stays as it is. */
  readonly dispose: () => void
}

export const makeElement = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  text = '',
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

export interface FigureParts {
  readonly element: HTMLElement
  /** The muted line below the title. */
  readonly note: HTMLElement
  /** Holds the canvas; the place for what lies above it. */
  readonly plot: HTMLElement
  /** Set the text alternative. */
  readonly describe: (sentence: string) => void
}

/**
 * Put a canvas into a figure.
 *
 * @param kind ends the class name `picture-kind`.
 * @param note the line below the title; keeps its height when it is empty.
 */
export const makeFigure = (kind: string, title: string, note: string, { canvas }: Surface): FigureParts => {
  const element = makeElement('figure', `picture picture-${kind}`)
  const caption = makeElement('figcaption', 'picture-caption')
  const noteLine = makeElement('span', 'picture-note', note)
  caption.append(makeElement('span', 'picture-title', title), noteLine)
  const plot = makeElement('div', 'picture-plot')
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', `${title}: nothing yet.`)
  plot.append(canvas)
  element.append(caption, plot)
  return {
    element,
    note: noteLine,
    plot,
    describe: (sentence) => canvas.setAttribute('aria-label', sentence),
  }
}
