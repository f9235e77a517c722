/** A scene as SVG that follows the reader's light or dark scheme. Its size is bounded by the scene's: numbers have one decimal. */
import { type Ink, inks, type Mark, type Scene } from './scene.ts'

/** Colours on a light and on a dark page; told apart by people who confuse red and green. */
const colours: Readonly<Record<Ink, readonly [light: string, dark: string]>> = {
  text: ['#1a1f2b', '#e8eaf0'],
  muted: ['#5a6272', '#a3abbb'],
  axis: ['#8a92a3', '#6d7587'],
  grid: ['#e3e6ec', '#2b3040'],
  band1: ['#d6e2f2', '#1e2e49'],
  band2: ['#a9c3e3', '#2c4a76'],
  band3: ['#7ba3d2', '#3d68a4'],
  line: ['#123a73', '#cfe1ff'],
  // Midnight blue, gold, dark green, steel blue, as in the paper; lighter where the page is dark.
  series1: ['#191970', '#8f95ff'],
  series2: ['#c99700', '#ffcf3f'],
  series3: ['#00640a', '#4fc96b'],
  series4: ['#4682b4', '#86bfee'],
}

const number = (value: number): string => String(Math.round(value * 10) / 10)

const escaped = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('')

const opacityOf = ({ opacity }: { readonly opacity?: number }): string =>
  opacity === undefined ? '' : ` opacity="${opacity}"`

const element = (mark: Mark): string => {
  switch (mark.kind) {
    case 'line':
      return `<path class="s-${mark.ink}" fill="none" stroke-width="${mark.width}" stroke-linejoin="round"${opacityOf(mark)} d="${path(mark.points)}"/>`
    case 'area':
      return `<path class="f-${mark.ink}"${opacityOf(mark)} d="${path(mark.points)}Z"/>`
    case 'dots':
      // A line of no length with round ends is a dot, in fewer bytes than a circle.
      return `<path class="s-${mark.ink}" fill="none" stroke-width="${mark.size}" stroke-linecap="round"${opacityOf(mark)} d="${mark.points.map(([x, y]) => `M${number(x)} ${number(y)}h0`).join('')}"/>`
    case 'text':
      return `<text class="f-${mark.ink}" x="${number(mark.at[0])}" y="${number(mark.at[1])}" font-size="${mark.size}" text-anchor="${mark.anchor}"${mark.isBold === true ? ' font-weight="600"' : ''}>${escaped(mark.text)}</text>`
    default:
      return mark satisfies never
  }
}

const style = (which: 0 | 1): string =>
  inks.map((ink) => `.f-${ink}{fill:${colours[ink][which]}}.s-${ink}{stroke:${colours[ink][which]}}`).join('')

/**
 * Draw a scene as an SVG document.
 *
 * @param theme `auto` follows the reader's scheme, where the program that shows the picture knows it.
 */
export const renderSvg = (
  { width, height, title, marks }: Scene,
  theme: 'auto' | 'light' | 'dark' = 'auto',
): string => {
  const paper = { light: '#ffffff', dark: '#12151d' }
  const styles =
    theme === 'auto'
      ? `.paper{fill:${paper.light}}${style(0)}@media(prefers-color-scheme:dark){.paper{fill:${paper.dark}}${style(1)}}`
      : `.paper{fill:${paper[theme]}}${style(theme === 'light' ? 0 : 1)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}" role="img" font-family="system-ui, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<style>${styles}</style>`,
    `<rect class="paper" width="100%" height="100%"/>`,
    ...marks.map(element),
    '</svg>\n',
  ].join('\n')
}
