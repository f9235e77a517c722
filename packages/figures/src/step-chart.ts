/** Values by training step, with synchronizations marked: Figures 3 and 5 while a run grows. */
import { linearAxis, logAxis, stepAxis } from './axis.ts'
import type { ValueFormat } from './number-format.ts'
import { axisMarks, type ChartRoom, layOutPlot, type Plot, segment, textWidth } from './plot-frame.ts'
import type { Ink, Mark, Scene } from './scene.ts'
import { endLabelMarks, lineMarks, rangeMarks, type SeriesLook } from './series-marks.ts'
import { thinMarks } from './spread.ts'
import { indexAtStep, interpolate, type Summary, stepsPerPoint, summarize } from './summary.ts'

/** One line: `values[i]` was measured at `steps[i]`; steps ascend. */
export interface StepSeries {
  readonly name: string
  readonly look: SeriesLook
  readonly steps: ArrayLike<number>
  readonly values: ArrayLike<number>
  /** Whether its network is synchronized: where it is, its line is marked and broken there, and lies on top. */
  readonly isSynchronized?: boolean
}

/** What is drawn. */
export interface StepChartData {
  readonly series: readonly StepSeries[]
  /** Ascending. */
  readonly syncSteps: readonly number[]
  /** How far the run is; the axis reaches at least as far. */
  readonly lastStep: number
}

/** How it is drawn. */
export interface StepChartOptions {
  readonly title: string
  readonly scale: 'linear' | 'log'
  /** `percent` writes fractions as per cent. Default: `number`. */
  readonly valueFormat?: ValueFormat | undefined
  /** The axis reaches down to 0, and the area under the line is filled. */
  readonly area?: boolean | undefined
  /** A step whose values somebody reads: a hairline, and dots on the lines. */
  readonly chosen?: number | undefined
}

/** A chart, and where its data lie in it. */
export interface StepChart {
  readonly scene: Scene
  readonly plot: Plot
}

/** Least distances in pixels: of points on a line, of rings on a line, of ticks on the base line. */
const [pointRoom, ringRoom, tickRoom] = [2.5, 12, 5]
const syncInk: Ink & 'hue2' = 'hue2'

const extent = (series: readonly StepSeries[], positive: boolean): readonly [number, number] | undefined => {
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

interface Drawn extends StepSeries {
  readonly summary: Summary
}

/** Rings where a line was synchronized. */
const ringMarks = (
  plot: Plot,
  drawn: readonly Drawn[],
  syncSteps: readonly number[],
  stepWidth: number,
): readonly Mark[] =>
  drawn
    .filter(({ isSynchronized }) => isSynchronized === true)
    .map(
      ({ look, summary }): Mark => ({
        kind: 'dots',
        points: thinMarks(syncSteps, ringRoom / stepWidth).flatMap((step) => {
          const y = plot.y(interpolate(summary, step))
          return Number.isFinite(y) ? [[plot.x(step), y] as const] : []
        }),
        ink: look.ink,
        size: 5.5,
        outline: 'ink',
      }),
    )

const crosshairMarks = (
  plot: Plot,
  { series }: StepChartData,
  step: number,
  hair: number,
): readonly Mark[] => [
  segment([plot.x(step), plot.top], [plot.x(step), plot.bottom], 'muted', hair),
  ...series.flatMap(({ look, steps, values }): readonly Mark[] => {
    const i = indexAtStep(steps, step)
    const y = i < 0 ? Number.NaN : plot.y(values[i])
    return Number.isFinite(y)
      ? [{ kind: 'dots', points: [[plot.x(steps[i]), y]], ink: look.ink, size: 8, outline: 'page' }]
      : []
  }),
]

/**
 * Draw a chart of values by step.
 *
 * A run with more steps than pixels is drawn as the mean of neighbouring steps, with their range behind it.
 */
export const stepChart = (room: ChartRoom, data: StepChartData, options: StepChartOptions): StepChart => {
  const { width, height, fontSize, pixelRatio = 1 } = room
  const { scale, valueFormat = 'number', area = false, chosen } = options
  const { series, syncSteps, lastStep } = data
  const x = stepAxis(lastStep, Math.max(3, Math.floor(width / 80)))
  const found = extent(series, scale === 'log')
  const ticks = Math.max(2, Math.floor(height / 52))
  const [low, high] = found ?? [0, 1]
  const y =
    scale === 'log'
      ? logAxis(...(found ?? ([0.1, 1] as const)), ticks + 2, valueFormat)
      : linearAxis(area ? Math.min(0, low) : low, high, ticks, valueFormat)
  const named = series.length > 1 ? series.map(({ name }) => textWidth(room, name, fontSize, true) + 12) : []
  const plot = layOutPlot(room, x, y, Math.ceil(Math.max(fontSize * 2.8, ...named)))
  const stepWidth = (plot.right - plot.left) / x.max
  // Where synchronizations have room, no average mixes what is before and after one. A distance is a saw: its teeth have sharp points.
  const syncWidth =
    syncSteps.length === 0 ? 0 : (syncSteps[syncSteps.length - 1] / syncSteps.length) * stepWidth
  const ends = area ? syncSteps.flatMap((step) => [step - 1, step]) : syncSteps
  const breaks = syncWidth >= 4 * pointRoom ? ends : []
  const perPoint = stepsPerPoint(x.max, plot.right - plot.left, pointRoom)
  const drawn = series.map(
    (one): Drawn => ({
      ...one,
      summary: summarize(one.steps, one.values, perPoint, one.isSynchronized === true ? breaks : []),
    }),
  )
  const order = [...drawn].sort(
    (a, b) => Number(a.isSynchronized ?? false) - Number(b.isSynchronized ?? false),
  )
  const marks: readonly Mark[] = [
    ...axisMarks(room, plot, x, y, 'step'),
    ...thinMarks(syncSteps, tickRoom / stepWidth).map((step) =>
      segment([plot.x(step), plot.bottom], [plot.x(step), plot.bottom - 5], syncInk, 1),
    ),
    ...order.flatMap(({ look: { ink }, summary }) => [
      ...(area
        ? rangeMarks(plot, ink, { ...summary, low: new Float64Array(summary.count), high: summary.mean })
        : []),
      ...(perPoint > 1 ? rangeMarks(plot, ink, summary) : []),
    ]),
    ...order.flatMap(({ look, summary }) => lineMarks(plot, look, summary)),
    ...(area ? [] : ringMarks(plot, drawn, syncSteps, stepWidth)),
    ...(chosen === undefined ? [] : crosshairMarks(plot, data, chosen, 1 / pixelRatio)),
    ...endLabelMarks(
      room,
      plot,
      series.length < 2
        ? []
        : drawn.flatMap(({ name, look: { ink }, summary: { count, steps, mean } }) => {
            const end = count === 0 ? Number.NaN : plot.y(mean[count - 1])
            return Number.isFinite(end) ? [{ name, ink, x: plot.x(steps[count - 1]), y: end }] : []
          }),
    ),
  ]
  return { scene: { width, height, title: options.title, marks }, plot }
}

/** The step at which the axis of a run ends that is at `lastStep`. */
export const stepAxisEnd = (lastStep: number): number => stepAxis(lastStep, 3).max
