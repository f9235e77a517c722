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
  // Dark enough on white and light enough on black; neighbours differ in lightness too.
  hue1: ['#0b5cad', '#6cb2ff'],
  hue2: ['#c2410c', '#ff9a5c'],
  hue3: ['#0f766e', '#4fd1b5'],
  hue4: ['#a21caf', '#f08cf5'],
  hue5: ['#8a6d00', '#e8c547'],
  hue6: ['#475569', '#b8c2d4'],
  hue7: ['#be123c', '#ff8aa3'],
  hue8: ['#4d7c0f', '#a8d95b'],
  // Viridis, its light end darkened on white and its dark end lightened on black.
  ramp1: ['#440154', '#9a6dd7'],
  ramp2: ['#482878', '#8a7fe8'],
  ramp3: ['#3e4a89', '#6f93ee'],
  ramp4: ['#31688e', '#58a8e6'],
  ramp5: ['#26828e', '#49bcd4'],
  ramp6: ['#1f9e89', '#45cdb7'],
  ramp7: ['#35b779', '#5fdb96'],
  ramp8: ['#5fae3b', '#8ce36f'],
  ramp9: ['#9aa81c', '#c1e34d'],
  ramp10: ['#c8a400', '#fde725'],
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
      return `<path class="s-${mark.ink}" fill="none" stroke-width="${mark.width}" stroke-linejoin="round"${mark.isDashed === true ? ' stroke-dasharray="5 3"' : ''}${opacityOf(mark)} d="${path(mark.points)}"/>`
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
      ? `.paper{fill:${paper.light}}${style(0)}@media screen and (prefers-color-scheme:dark){.paper{fill:${paper.dark}}${style(1)}}`
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
