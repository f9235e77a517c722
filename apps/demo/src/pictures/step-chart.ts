/** Values by training step: what the training chart and the distance chart have in common. */
import { crisp, drawAxes, fontOf, layOutPlot, type Plot } from './axes.ts'
import { type Frame, makeSurface } from './canvas.ts'
import { drawEndLabels, drawLine, drawMark, drawRange } from './draw-series.ts'
import { formatStep, formatValue, type ValueFormat } from './number-format.ts'
import { makeElement, makeFigure, type Picture } from './picture.ts'
import { makeSwatch, makeSyncIcon, type SeriesKind } from './series-style.ts'
import { thinMarks } from './spread.ts'
import { makeStepReader } from './step-reader.ts'
import { indexAtStep, interpolate, type Summary, stepsPerPoint, summarize } from './summary.ts'
import { type Axis, linearAxis, logAxis, stepAxis } from './ticks.ts'
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
/** Least distances in CSS pixels: of points on a line, of rings on a line, of ticks on the base line. */
const [pointRoom, ringRoom, tickRoom] = [2.5, 12, 5]

const extent = (series: readonly Series[], positive: boolean): readonly [number, number] | undefined => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { values } of series)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (!Number.isFinite(value) || (positive && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  return low > high ? undefined : [low, high]
}

const plural = (count: number, noun: string): string =>
  `${formatStep(count)} ${noun}${count === 1 ? '' : 's'}`

/** Make a chart of values by step. */
export const makeStepChart = (options: StepChartOptions): Picture<StepChartData> => {
  const { title, yLabel, scale, valueFormat = 'number', area = false } = options
  let data = noData

  const valueAxis = (height: number): Axis => {
    const found = extent(data.series, scale === 'log')
    const ticks = Math.max(2, Math.floor(height / 52))
    if (scale === 'log') return logAxis(...(found ?? ([0.1, 1] as const)), ticks + 2, valueFormat)
    const [low, high] = found ?? [0, 1]
    return linearAxis(area ? Math.min(0, low) : low, high, ticks, valueFormat)
  }
  const valuesAt = (step: number) =>
    data.series.map(({ name, kind, steps, values }) => {
      const i = indexAtStep(steps, step)
      return { name, kind, value: i < 0 ? '–' : formatValue(values[i], valueFormat) }
    })
  const inWords = (step: number): string =>
    `step ${formatStep(step)}: ${valuesAt(step)
      .map(({ name, value }) => `${name} ${value}`)
      .join(', ')}`

  const drawSyncTicks = ({ context, theme, pixelRatio }: Frame, plot: Plot, stepWidth: number): void => {
    context.strokeStyle = theme.laperm
    context.lineWidth = 1
    context.beginPath()
    for (const step of thinMarks(data.syncSteps, tickRoom / stepWidth)) {
      const at = crisp(plot.x(step), pixelRatio)
      context.moveTo(at, plot.bottom)
      context.lineTo(at, plot.bottom - 5)
    }
    context.stroke()
  }
  const drawArea = ({ context, theme }: Frame, plot: Plot, kind: SeriesKind, summary: Summary): void => {
    const base = new Float64Array(summary.count)
    context.save()
    drawRange({ context, theme } as Frame, plot, kind, { ...summary, low: base, high: summary.mean })
    context.restore()
  }
  const drawCrosshair = (frame: Frame, plot: Plot, step: number): void => {
    const { context, theme, pixelRatio } = frame
    const at = crisp(plot.x(step), pixelRatio)
    context.strokeStyle = theme.muted
    context.lineWidth = 1 / pixelRatio
    context.beginPath()
    context.moveTo(at, plot.top)
    context.lineTo(at, plot.bottom)
    context.stroke()
    for (const { kind, steps, values } of data.series) {
      const i = indexAtStep(steps, step)
      const y = i < 0 ? Number.NaN : plot.y(values[i])
      if (Number.isFinite(y)) drawMark(frame, plot.x(steps[i]), y, kind, 'full', 4)
    }
  }

  const draw = (frame: Frame): void => {
    const { context, width, height, theme } = frame
    const x = stepAxis(data.lastStep, Math.max(3, Math.floor(width / 80)))
    const y = valueAxis(height)
    context.font = fontOf(theme, 1, 600)
    const named = data.series.length > 1 ? data.series.map(({ name }) => context.measureText(name).width) : []
    const plot = layOutPlot(
      frame,
      x,
      y,
      Math.ceil(Math.max(theme.fontSize * 2.8, ...named.map((w) => w + 12))),
    )
    reader.place(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top)
    drawAxes(frame, plot, x, y, 'step')
    const stepWidth = (plot.right - plot.left) / x.max
    // Where synchronizations have room, no average mixes what is before and after one. A distance is a saw: its teeth have sharp points.
    const { syncSteps } = data
    const syncWidth =
      syncSteps.length === 0 ? 0 : (syncSteps[syncSteps.length - 1] / syncSteps.length) * stepWidth
    const ends = area ? syncSteps.flatMap((step) => [step - 1, step]) : syncSteps
    const breaks = syncWidth >= 4 * pointRoom ? ends : []
    const perPoint = stepsPerPoint(x.max, plot.right - plot.left, pointRoom)
    const drawn = data.series.map((series) => ({
      ...series,
      summary: summarize(series.steps, series.values, perPoint, series.kind === 'laperm' ? breaks : []),
    }))
    drawSyncTicks(frame, plot, stepWidth)
    // LaPerm last: on top.
    const order = [...drawn].sort((a, b) => Number(a.kind === 'laperm') - Number(b.kind === 'laperm'))
    for (const { kind, summary } of order) {
      if (area) drawArea(frame, plot, kind, summary)
      if (perPoint > 1) drawRange(frame, plot, kind, summary)
    }
    for (const { kind, summary } of order) drawLine(frame, plot, kind, summary)
    if (!area)
      for (const { kind, summary } of drawn)
        if (kind === 'laperm')
          for (const step of thinMarks(syncSteps, ringRoom / stepWidth)) {
            const y = plot.y(interpolate(summary, step))
            if (Number.isFinite(y)) drawMark(frame, plot.x(step), y, kind, 'open', 2.75)
          }
    const chosen = reader.chosen()
    if (chosen !== undefined) drawCrosshair(frame, plot, chosen)
    if (data.series.length > 1)
      drawEndLabels(
        frame,
        drawn.flatMap(({ name, kind, summary: { count, steps, mean } }) => {
          const y = count === 0 ? Number.NaN : plot.y(mean[count - 1])
          return Number.isFinite(y) ? [{ name, kind, x: plot.x(steps[count - 1]), y }] : []
        }),
        plot,
      )
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
      reader.offer(densest, stepAxis(data.lastStep, 3).max, inWords)
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
