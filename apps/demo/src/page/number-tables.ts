/** The numbers behind the charts as tables: for screen readers, and to compare two runs of one link. */
import { contenderNames } from '../settings/run-settings.ts'
import { byId, tableRow } from './elements.ts'
import { countText, lossText, percentText } from './number-text.ts'
import type { RunHistory, Series } from './run-history.ts'

const bodyOf = (id: string): HTMLTableSectionElement => {
  const body = byId(id, HTMLTableElement).tBodies[0]
  if (body === undefined) throw new TypeError(`the page's #${id} has no body`)
  return body
}

const at = ({ steps, values }: Series, step: number): string => {
  const found = steps.lastIndexOf(step)
  return found === -1 ? '–' : percentText(values[found])
}

const textOf = (loss: number | undefined): string => (loss === undefined ? '–' : lossText(loss))

/** @returns draws the tables; call it when they are open. */
export const makeNumberTables = (): ((history: RunHistory) => void) => {
  const losses = bodyOf('first-losses')
  const accuracies = bodyOf('accuracies')
  return (history) => {
    losses.replaceChildren(
      ...history.firstLosses.map(({ step, values }) =>
        tableRow(countText(step), ...contenderNames.map((name) => textOf(values[name]))),
      ),
    )
    const steps = [...new Set(contenderNames.flatMap((name) => history.accuracies[name].steps.slice(-10)))]
    accuracies.replaceChildren(
      ...steps
        .sort((a, b) => a - b)
        .slice(-10)
        .map((step) =>
          tableRow(countText(step), ...contenderNames.map((name) => at(history.accuracies[name], step))),
        ),
    )
  }
}
