/** A figure of the report: what differs, the drawings, the numbers, and what was trained. */
import { wordsOf } from '@laperm/runs'
import { bestOfCurve, deviationOf, type FigureResults, meanOf, type RunResult } from '../figure-results.ts'
import { type ComparedNumber, compareNumbers } from './compare-numbers.ts'
import { drawPanel } from './draw-panel.ts'
import { honestLines } from './honest-lines.ts'
import { type Column, type Html, html, table } from './html.ts'

const two = (value: number | null): string => (value === null ? '\u2013' : value.toFixed(2))
/** A mean with its standard deviation, where there is one. */
const spreadText = (mean: number | null, deviation: number | null): string =>
  deviation === null ? two(mean) : `${two(mean)} \u00b1 ${two(deviation)}`
const signed = (value: number | null): string =>
  value === null ? '\u2013' : `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${Math.abs(value).toFixed(2)}`

/** `results-fig5-small.csv`, beside the page. */
export const csvName = ({ record }: FigureResults): string => `results-${record.figure}-${record.scale}.csv`

/** Where a figure stands in the page. */
export const anchorOf = ({ record }: FigureResults): string => `${record.figure}-${record.scale}`

const numberColumns: readonly Column<ComparedNumber>[] = [
  { title: 'what', cell: ({ what, minus }) => (minus === undefined ? what : `${what} (points)`) },
  { title: 'paper', isNumber: true, cell: ({ value }) => two(value) },
  {
    title: 'ours',
    isNumber: true,
    cell: ({ ours, deviation }) => spreadText(ours, deviation),
  },
  { title: 'difference', isNumber: true, cell: ({ difference }) => signed(difference) },
  { title: 'seeds', isNumber: true, cell: ({ seeds }) => String(seeds) },
  { title: 'the paper says', cell: ({ source }) => source },
]

/** The paper's numbers beside ours. */
export const numbersTable = (results: FigureResults): Html | null => {
  const { figure } = results
  return figure === null || figure.numbers.length === 0
    ? null
    : table(compareNumbers(figure, results), numberColumns)
}

interface CurveRow {
  readonly label: string
  readonly runs: readonly RunResult[]
  readonly values: readonly number[]
}

const settingOf =
  (name: string) =>
  ({ runs }: CurveRow): string => {
    const experiment = runs.find((run) => run.experiment !== null)?.experiment
    const value = experiment === undefined || experiment === null ? null : wordsOf(experiment)[name]
    // 14/15 takes sixteen digits, which no column has room for.
    return value === null || value === undefined
      ? '\u2013'
      : String(value)
          .replace(/\d\.\d{4,}/g, (long) => Number(long).toFixed(3))
          .replaceAll(',', ', ')
  }

const curveColumns: readonly Column<CurveRow>[] = [
  { title: 'curve', cell: ({ label }) => label },
  { title: 'network', cell: settingOf('model') },
  { title: 'data', cell: settingOf('dataset') },
  { title: 'optimizer', cell: settingOf('optimizer') },
  { title: 'k', isNumber: true, cell: settingOf('syncPeriod') },
  { title: 'p', isNumber: true, cell: settingOf('sparsity') },
  { title: 'initial weights', cell: settingOf('initializer') },
  { title: 'epochs', isNumber: true, cell: settingOf('epochs') },
  {
    title: 'best, mean \u00b1 SD',
    isNumber: true,
    cell: ({ values }) => spreadText(meanOf(values), deviationOf(values)),
  },
  {
    title: 'least to greatest',
    isNumber: true,
    cell: ({ values }) =>
      values.length === 0 ? '\u2013' : `${two(Math.min(...values))} to ${two(Math.max(...values))}`,
  },
  {
    title: 'minutes',
    isNumber: true,
    cell: ({ runs }) => runs.reduce((sum, { minutes }) => sum + minutes, 0).toFixed(1),
  },
  {
    title: 'runs, by seed',
    cell: ({ runs }) =>
      html`${runs.map(({ seed, directory, status }) =>
        directory === null
          ? html`<span class="lacking" title="${status}">${seed}</span> `
          : html`<a href="${encodeURI(directory)}/" title="${directory}: ${status}"${{ html: status === 'finished' ? '' : ' class="lacking"' }}>${seed}</a> `,
      )}`,
  },
]

const curvesOf = (results: FigureResults): readonly CurveRow[] =>
  [...new Set(results.runs.map(({ curve }) => curve))].map((label) => ({
    label,
    runs: results.runs.filter(({ curve }) => curve === label),
    values: bestOfCurve(results, label),
  }))

/** Machines that trained, with the version of LaPerm. */
const machinesOf = ({ runs }: FigureResults): readonly string[] => [
  ...new Set(
    runs.flatMap(({ environment }) =>
      environment === null
        ? []
        : [
            `${environment.cpu}, ${environment.cpuCount} cores, ${environment.platform}, Node ${environment.node}, LaPerm ${environment.laperm}${environment.checkout === null ? '' : ` (${environment.checkout.commit.slice(0, 7)}${environment.checkout.isDirty ? ', with changes' : ''})`}, ${environment.engine}`,
          ],
    ),
  ),
]

/** The figure as a section of the page. */
export const figureSection = async (results: FigureResults): Promise<Html> => {
  const { figure, record, runs } = results
  const honest = honestLines(results)
  const minutes = runs.reduce((sum, run) => sum + run.minutes, 0)
  if (figure === null)
    return html`<section id="${anchorOf(results)}"><h2>${record.figure}</h2><p class="honest">This version of LaPerm knows no figure of that name; its ${runs.length} runs are not shown.</p></section>`
  const numbers = numbersTable(results)
  const panels: Html[] = []
  for (const panel of figure.panels(figure.scales[record.scale]))
    panels.push(await drawPanel(panel, figure, results))
  return html`<section id="${anchorOf(results)}">
<h2>${figure.title}</h2>
<p class="where">${figure.section}, at scale \u201c${record.scale}\u201d</p>
<p>${figure.caption}</p>
${honest.length === 0 ? null : html`<ul class="honest">${honest.map((line) => html`<li>${line}</li>`)}</ul>`}
<div class="panels">${panels.map((panel) => html`<figure>${panel}</figure>`)}</div>
${numbers}
${
  runs.length === 0
    ? null
    : html`<details open><summary>What was trained: ${runs.length} runs, ${minutes.toFixed(1)} minutes of one worker</summary>
${table(curvesOf(results), curveColumns)}
<p class="small">${machinesOf(results).map((machine) => html`${machine}<br>`)}Command: <code>${record.command}</code> \u00b7 <a href="${csvName(results)}">all measurements as CSV</a></p>
</details>`
}
</section>`
}
