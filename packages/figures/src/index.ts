/** Figures as data, and how they are drawn. Pure; in pages and in Node. */
export { linearScale, type Scale, tickStep, tickText } from './axis.ts'
export { type ChartPoint, type ChartSeries, curveChart } from './curve-chart.ts'
export { type DotRow, dotChart } from './dot-chart.ts'
export { profileDepth } from './profile-depth.ts'
export { type ProfilePanel, profilePanels } from './profile-panels.ts'
export { type Ink, inks, type Mark, moved, type Point, type Scene } from './scene.ts'
export { renderSvg } from './svg.ts'
export { type Reconnection, reconnectionFigure } from './traced-vector.ts'
