/**
 * Curves as an SVG for a slide or a page: light or dark as its reader's system is, readable without colours by the labels at the curves' ends, and
 * dashes from the seventh curve on.
 *
 * Colours are Okabe and Ito's, which people with any colour vision tell apart; on dark ground the darker ones are lightened.
 * @see https://jfly.uni-koeln.de/color/
 */
import { cutText } from '../text-table.ts'
import { placeOn, type Series, scaleOf, shareLabel } from './series.ts'

/** On light ground, on dark ground. */
const colours = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff8a3d'],
  ['#009e73', '#2cc89b'],
  ['#b0578d', '#e59cc4'],
  ['#b37700', '#f0b840'],
  ['#444444', '#d0d0d0'],
] as const
const dashes = ['none', '9 5', '2 4', '12 4 2 4'] as const

const width = 960
const height = 540
const left = 84
const top = 76
const bottom = 64
/** Room for labels beside the curves' ends. */
const right = 268
const labelHeight = 22
/** Characters of a label that fit there. */
const labelLength = 24

const areaWidth = width - left - right
const areaHeight = height - top - bottom

/** Text for XML; what XML cannot hold becomes a space. */
const xmlText = (text: string): string =>
  text
    .replace(/[\p{C}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const short = (value: number): string => String(Number(value.toFixed(1)))

const classRules = (index: 0 | 1): string =>
  colours.map((pair, at) => `.c${at}{stroke:${pair[index]}}.t${at}{fill:${pair[index]}}`).join('')

const style = `text{font:16px system-ui,sans-serif;fill:#333}.title{font-size:24px;font-weight:600;fill:#111}
.ground{fill:#fff}.grid{stroke:#ddd}.axis{stroke:#888}.curve{fill:none;stroke-width:3;stroke-linejoin:round;stroke-linecap:round}
.dot{stroke-width:0}.label{font-weight:600}${classRules(0)}
@media (prefers-color-scheme:dark){text{fill:#ccc}.title{fill:#fff}.ground{fill:#16181c}.grid{stroke:#33373d}.axis{stroke:#777}${classRules(1)}}`

/** Heights of labels that do not overlap, near those that are wanted; within the picture as far as there is room. */
const spread = (wanted: readonly number[]): readonly number[] => {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  const placed: number[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const index of order) {
    const y = Math.max(wanted[index] ?? 0, free)
    placed[index] = y
    free = y + labelHeight
  }
  let lowest = height - bottom + labelHeight / 2
  for (const index of [...order].reverse()) {
    placed[index] = Math.min(placed[index] ?? 0, lowest)
    lowest = (placed[index] ?? 0) - labelHeight
  }
  return placed
}

/**
 * Draw shares over epochs.
 *
 * @param series at least one with a point. A curve without points is left out.
 * @returns the text of a whole SVG file.
 */
export const svgChart = (title: string, series: readonly Series[]): string => {
  const drawn = series.flatMap(({ label, points }, index) => {
    const last = points.at(-1)
    const dash = dashes[Math.floor(index / colours.length) % dashes.length] ?? 'none'
    return last === undefined ? [] : [{ label, points, last, colour: index % colours.length, dash }]
  })
  const points = drawn.flatMap((one) => one.points)
  const horizontal = scaleOf(
    points.map(([x]) => x),
    8,
    1,
  )
  const vertical = scaleOf(
    points.map(([, y]) => y),
    6,
  )
  // The first epoch stands at the axis, and the last at the end, not at the next round number.
  const epochs = points.map(([x]) => x)
  const span = { ...horizontal, from: Math.min(...epochs), to: Math.max(...epochs, Math.min(...epochs) + 1) }
  const xOf = (value: number): number => left + placeOn(span, value) * areaWidth
  const yOf = (value: number): number => top + (1 - placeOn(vertical, value)) * areaHeight
  const rows = vertical.ticks.map((tick) => {
    const y = short(yOf(tick))
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/><text x="${left - 12}" y="${y}" text-anchor="end" dominant-baseline="central">${shareLabel(tick, vertical)}</text>`
  })
  const columns = [
    span.from,
    ...horizontal.ticks.filter((tick) => tick > span.from + 1 && tick <= span.to),
  ].map(
    (tick) => `<text x="${short(xOf(tick))}" y="${height - bottom + 26}" text-anchor="middle">${tick}</text>`,
  )
  const heights = spread(drawn.map(({ last }) => yOf(last[1])))
  const curves = drawn.map(({ label, points: own, last, colour, dash }, index) => {
    const line = own.map(([x, y]) => `${short(xOf(x))},${short(yOf(y))}`).join(' ')
    const [endX, endY, labelY] = [xOf(last[0]), yOf(last[1]), heights[index] ?? 0]
    const textX = width - right + 28
    return `<g><title>${xmlText(label)}</title><polyline class="curve c${colour}" stroke-dasharray="${dash}" points="${line}"/><circle class="dot t${colour}" cx="${short(endX)}" cy="${short(endY)}" r="5"/><line class="c${colour}" x1="${short(endX + 8)}" y1="${short(endY)}" x2="${textX - 6}" y2="${short(labelY)}" stroke-opacity="0.5"/><text class="label t${colour}" x="${textX}" y="${short(labelY)}" dominant-baseline="central">${xmlText(cutText(label, labelLength))}</text></g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xmlText(title)}">`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${left}" y="42">${xmlText(title)}</text>`,
    ...rows,
    ...columns,
    `<line class="axis" x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}"/>`,
    `<text x="${left + areaWidth / 2}" y="${height - 14}" text-anchor="middle">epoch</text>`,
    ...curves,
    '</svg>\n',
  ].join('\n')
}
