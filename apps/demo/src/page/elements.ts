/** The page's elements by id, of the kind that they must be, and small pieces of it made by hand. */

/** @throws TypeError when the page has no such element: index.html and the scripts do not fit. */
export const byId = <Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new TypeError(`the page has no #${id}`)
  return found
}

/** Properties besides children; `dataset` and attributes are set by the caller. */
type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<
  Pick<HTMLElementTagNameMap[Tag], 'className' & keyof HTMLElementTagNameMap[Tag]>
> &
  Partial<Omit<HTMLElementTagNameMap[Tag], 'children' | 'style' | 'dataset'>>

/** Make an element with properties and children. */
export const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<Tag> = {},
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[Tag] => {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

/** Write text only where it differs: what does not change is neither laid out nor announced again. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

/** A table's row: the first cell names it. */
export const tableRow = (heading: string, ...cells: readonly (string | Node)[]): HTMLTableRowElement => {
  const head = make('th', {}, heading)
  head.scope = 'row'
  return make('tr', {}, head, ...cells.map((cell) => make('td', {}, cell)))
}
