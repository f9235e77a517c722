/** Figures as data, and how they are drawn. Pure; in pages and in Node. */
export { type Axis, linearScale, type Scale, type Tick, tickStep } from './axis.ts'
export { type ChartPoint, type ChartSeries, curveChart } from './curve-chart.ts'
export { type DotRow, dotChart } from './dot-chart.ts'
export { canvasFont, drawScene, type PageStyle, type SceneContext } from './draw-scene.ts'
export { type Envelope, envelopeOf, greatestDifference } from './envelope.ts'
export { formatStep, formatTick, formatValue, type ValueFormat } from './number-format.ts'
export type { ChartRoom, Plot } from './plot-frame.ts'
export { profileDepth } from './profile-depth.ts'
export { type ProfilePanel, profilePanels } from './profile-panels.ts'
export { type Ink, inks, type Mark, moved, type Point, type Scene } from './scene.ts'
export type { SeriesLook } from './series-marks.ts'
export {
  type StepChart,
  type StepChartData,
  type StepChartOptions,
  type StepSeries,
  stepAxisEnd,
  stepChart,
} from './step-chart.ts'
export { indexAtStep } from './summary.ts'
export { dashes, renderSvg } from './svg.ts'
export { type Reconnection, reconnectionFigure } from './traced-vector.ts'
export { bandOpacity, mostVectors, type SortedRows, vectorsChart } from './vectors-chart.ts'
