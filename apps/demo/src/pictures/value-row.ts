/** The line of values above a picture: legend and read-out in one, always of the same height. */
import { makeElement } from './picture.ts'

/** One value; `icon` is drawn before its name. */
export interface ValueItem {
  readonly name: string
  readonly value: string
  readonly icon?: () => SVGSVGElement
}

export interface ValueRow {
  readonly element: HTMLElement
  readonly show: (items: readonly ValueItem[]) => void
}

/** Make an empty row. Elements are made anew only when other names are shown; else nothing but text changes. */
export const makeValueRow = (): ValueRow => {
  const element = makeElement('div', 'picture-values')
  let shape = ''
  let cells: readonly HTMLElement[] = []
  const build = (items: readonly ValueItem[]): void => {
    cells = items.map(() => makeElement('span', 'picture-value'))
    element.replaceChildren(
      ...items.map(({ name, icon }, i) => {
        const label = makeElement('span', 'picture-name')
        label.append(...(icon === undefined ? [] : [icon()]), name)
        const item = makeElement('span', 'picture-item')
        item.append(label, ' ', cells[i])
        return item
      }),
    )
  }
  return {
    element,
    show: (items) => {
      const names = JSON.stringify(items.map(({ name }) => name))
      if (names !== shape) {
        shape = names
        build(items)
      }
      items.forEach(({ value }, i) => {
        if (cells[i].textContent !== value) cells[i].textContent = value
      })
    },
  }
}
