/** Values by training step: what the training chart and the distance chart have in common. */
import {
  formatStep,
  formatValue,
  indexAtStep,
  stepAxisEnd,
  stepChart,
  type ValueFormat,
} from '@laperm/figures'
import { type Frame, makeSurface } from './canvas.ts'
import { drawOnPage, roomOf } from './page-style.ts'
import { makeElement, makeFigure, type Picture } from './picture.ts'
import { makeSwatch, makeSyncIcon, type SeriesKind, seriesLooks } from './series-style.ts'
import { makeStepReader } from './step-reader.ts'
import { makeValueRow } from './value-row.ts'

/** One line: `values[i]` was measured at `steps[i]`; steps ascend. */
export interface Series {
  readonly name: string
  readonly kind: SeriesKind
  readonly steps: Float64Array | readonly number[]
  readonly values: readonly number[] | Float64Array | Float32Array
}

export interface StepChartData {
  readonly series: readonly Series[]
  /** Steps at which LaPerm synchronized, ascending. */
  readonly syncSteps: readonly number[]
  /** How far the run is; the axis reaches at least as far. */
  readonly lastStep: number
}

export interface StepChartOptions {
  readonly title: string
  readonly yLabel: string
  readonly scale: 'linear' | 'log'
  /** `percent` writes fractions as per cent. */
  readonly valueFormat?: ValueFormat
  /** The axis reaches down to 0, and the area under the line is filled. */
  readonly area?: boolean
}

const noData: StepChartData = { series: [], syncSteps: [], lastStep: 0 }

const plural = (count: number, noun: string): string =>
  `${formatStep(count)} ${noun}${count === 1 ? '' : 's'}`

/** Make a chart of values by step. */
export const makeStepChart = (options: StepChartOptions): Picture<StepChartData> => {
  const { title, yLabel, scale, valueFormat = 'number', area = false } = options
  let data = noData

  const valuesAt = (step: number) =>
    data.series.map(({ name, kind, steps, values }) => {
      const i = indexAtStep(steps, step)
      return { name, kind, value: i < 0 ? '–' : formatValue(values[i], valueFormat) }
    })
  const inWords = (step: number): string =>
    `step ${formatStep(step)}: ${valuesAt(step)
      .map(({ name, value }) => `${name} ${value}`)
      .join(', ')}`

  const draw = (frame: Frame): void => {
    const { scene, plot } = stepChart(
      roomOf(frame),
      {
        ...data,
        series: data.series.map(({ kind, ...series }) => ({
          ...series,
          look: seriesLooks[kind],
          isSynchronized: kind === 'laperm',
        })),
      },
      { title, scale, valueFormat, area, chosen: reader.chosen() },
    )
    reader.place(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top)
    drawOnPage(frame, scene)
  }

  const surface = makeSurface(draw)
  const figure = makeFigure('steps', title, yLabel, surface)
  const values = makeValueRow()
  const readOut = (): void => {
    const step = reader.chosen() ?? data.lastStep
    values.show([
      { name: 'step', value: formatStep(step) },
      ...valuesAt(step).map(({ name, kind, value }) => ({ name, value, icon: () => makeSwatch(kind) })),
    ])
  }
  const reader = makeStepReader(`${title}: read the values at a step`, () => {
    readOut()
    surface.redraw()
  })
  const key = makeElement('span', 'picture-key')
  key.append(makeSyncIcon(area ? 'tick' : 'ring'), 'synchronization')
  figure.note.append(' ', key)
  figure.plot.before(values.element)
  figure.plot.append(reader.element)
  readOut()

  return {
    element: figure.element,
    update: (next) => {
      data = next
      const densest = data.series.reduce<Series['steps']>(
        (most, { steps }) => (steps.length > most.length ? steps : most),
        [],
      )
      reader.offer(densest, stepAxisEnd(data.lastStep), inWords)
      readOut()
      figure.describe(
        data.series.some(({ values }) => values.length > 0)
          ? `${title} (${yLabel}) by training step. At ${inWords(data.lastStep)}. ${plural(data.syncSteps.length, 'synchronization')}.`
          : `${title}: nothing yet.`,
      )
      surface.redraw()
    },
    dispose: surface.dispose,
  }
}
