/** The line of values above a chart: legend and read-out in one, always of the same height. */
import { makeElement } from './picture.ts'
import { makeSwatch, type SeriesKind } from './series-style.ts'

export interface ValueRow {
  readonly element: HTMLElement
  readonly show: (
    step: string,
    values: readonly { readonly name: string; readonly kind: SeriesKind; readonly value: string }[],
  ) => void
}

export const makeValueRow = (): ValueRow => {
  const element = makeElement('div', 'picture-values')
  let key = ''
  let cells: readonly HTMLElement[] = []
  return {
    element,
    show: (step, values) => {
      const shape = JSON.stringify(values.map(({ name, kind }) => [name, kind]))
      if (shape !== key) {
        key = shape
        cells = Array.from({ length: values.length + 1 }, () => makeElement('span', 'picture-value'))
        element.replaceChildren(
          ...cells.map((cell, i) => {
            const item = makeElement('span', 'picture-item')
            const name = makeElement('span', 'picture-name')
            if (i > 0) name.append(makeSwatch(values[i - 1].kind), values[i - 1].name)
            else name.append('step')
            item.append(name, ' ', cell)
            return item
          }),
        )
      }
      const texts = [step, ...values.map(({ value }) => value)]
      cells.forEach((cell, i) => {
        if (cell.textContent !== texts[i]) cell.textContent = texts[i]
      })
    },
  }
}
