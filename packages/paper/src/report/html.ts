/** Text and tables as HTML. Everything that is not marked as HTML already is escaped. */

/** HTML that was made here. */
export interface Html {
  readonly html: string
}

/** Foreign text. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

const shown = (part: unknown): string => {
  if (Array.isArray(part)) return part.map(shown).join('')
  if (typeof part === 'object' && part !== null && 'html' in part) return String(part.html)
  return part === null || part === undefined ? '' : escaped(String(part))
}

/** HTML with values in it: texts are escaped, HTML and lists of it are put in. */
export const html = (strings: TemplateStringsArray, ...parts: readonly unknown[]): Html => ({
  html: strings.reduce((text, string, i) => text + string + (i < parts.length ? shown(parts[i]) : ''), ''),
})

/** SVG that `renderSvg` made. */
export const drawn = (svg: string): Html => ({ html: svg })

/** A column of a table. */
export interface Column<Row> {
  readonly title: string
  readonly isNumber?: true
  readonly cell: (row: Row) => Html | string
}

/** A table that can be scrolled where it is too wide. */
export const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Html =>
  html`<div class="scrolls"><table><thead><tr>${columns.map(
    ({ title, isNumber }) =>
      html`<th${{ html: isNumber ? ' class="number"' : '' }} scope="col">${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map(
        ({ cell, isNumber }) => html`<td${{ html: isNumber ? ' class="number"' : '' }}>${cell(row)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`
