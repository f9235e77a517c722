/** One backend's line of the table. */
import { type Report, renderReport } from '@laperm/conformance'
import type { BackendName } from './messages.ts'

const cell = (tag: 'td' | 'th', ...content: readonly (string | Node)[]): HTMLTableCellElement => {
  const made = document.createElement(tag)
  made.append(...content)
  return made
}

const verdict = (kind: 'good' | 'bad' | 'none', text: string): HTMLElement => {
  const made = document.createElement('strong')
  made.className = kind
  made.textContent = text
  return made
}

const row = (name: BackendName, ...cells: readonly Node[]): HTMLTableRowElement => {
  const made = document.createElement('tr')
  made.id = `result-${name.replace(' ', '-')}`
  const heading = cell('th', name)
  heading.scope = 'row'
  made.append(heading, ...cells)
  return made
}

/** A backend that ran: the verdict, and below it every law behind that. */
export const verifiedRows = (
  name: BackendName,
  device: string,
  report: Report,
): readonly HTMLTableRowElement[] => {
  const result = report.passed
    ? verdict('good', 'equals the reference')
    : verdict('bad', 'does NOT equal the reference')
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = `Laws checked on ${name}`
  const laws = document.createElement('pre')
  laws.textContent = renderReport(report)
  laws.tabIndex = 0
  details.open = !report.passed
  details.append(summary, laws)
  const below = document.createElement('tr')
  below.className = 'laws'
  const whole = cell('td', details)
  whole.colSpan = 4
  below.append(whole)
  return [
    row(name, cell('td', result), cell('td', device), cell('td', report.cases.toLocaleString('en'))),
    below,
  ]
}

/** A backend that this browser does not have. */
export const unavailableRow = (name: BackendName, reason: string, remedy: string): HTMLTableRowElement =>
  row(name, cell('td', verdict('none', 'not here')), cell('td', `${reason}. ${remedy}`), cell('td', '-'))
