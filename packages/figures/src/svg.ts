/** A scene as SVG that follows the reader's light or dark scheme. Its size is bounded by the scene's: numbers have one decimal. */
import { type Ink, inks, type Mark, type Scene } from './scene.ts'

/** Colours on a light and on a dark page, those of the demo's page; told apart by people who confuse red and green. */
const colours: Readonly<Record<Ink, readonly [light: string, dark: string]>> = {
  text: ['#1d2125', '#e8eaed'],
  muted: ['#5b626a', '#a2a9b1'],
  axis: ['#8a9199', '#6d747b'],
  grid: ['#e2e4e6', '#2c3136'],
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
  hue1: ['#2a6fd0', '#5ea5fb'],
  hue2: ['#c8420c', '#ff8f57'],
  hue3: ['#05604f', '#6ee2c6'],
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

/** Lengths of dash and gap, in pixels; a dot is a dash of no length with round ends. */
export const dashes = { dashed: [8, 3.5], dotted: [0.1, 4] } as const

const dashOf = ({ dash }: { readonly dash?: keyof typeof dashes }): string =>
  dash === undefined
    ? ''
    : ` stroke-dasharray="${dashes[dash].join(' ')}"${dash === 'dotted' ? ' stroke-linecap="round"' : ''}`

const outlined = ({ points, ink, size, outline }: Extract<Mark, { kind: 'dots' }>): string =>
  points
    .map(([x, y]) => {
      const [fill, edge] = outline === 'ink' ? ['paper', `s-${ink}`] : [`f-${ink}`, 's-paper']
      return `<circle class="${fill} ${edge}" cx="${number(x)}" cy="${number(y)}" r="${size / 2}" stroke-width="1.5"/>`
    })
    .join('')

const element = (mark: Mark): string => {
  switch (mark.kind) {
    case 'line':
      return `<path class="s-${mark.ink}" fill="none" stroke-width="${mark.width}" stroke-linejoin="round"${dashOf(mark)}${opacityOf(mark)} d="${path(mark.points)}"/>`
    case 'area':
      return `<path class="f-${mark.ink}"${opacityOf(mark)} d="${path(mark.points)}Z"/>`
    case 'dots':
      if (mark.outline !== undefined) return outlined(mark)
      // A line of no length with round ends is a dot, in fewer bytes than a circle.
      return `<path class="s-${mark.ink}" fill="none" stroke-width="${mark.size}" stroke-linecap="round"${opacityOf(mark)} d="${mark.points.map(([x, y]) => `M${number(x)} ${number(y)}h0`).join('')}"/>`
    case 'text':
      return `<text class="f-${mark.ink}${mark.hasHalo === true ? ' s-paper" paint-order="stroke" stroke-width="4" stroke-linejoin="round' : ''}" x="${number(mark.at[0])}" y="${number(mark.at[1])}" font-size="${mark.size}" text-anchor="${mark.anchor}"${mark.isBold === true ? ' font-weight="600"' : ''}>${escaped(mark.text)}</text>`
    default:
      return mark satisfies never
  }
}

const paper = { light: '#ffffff', dark: '#16181b' } as const
const paperStyle = (theme: keyof typeof paper): string =>
  `.paper{fill:${paper[theme]}}.s-paper{stroke:${paper[theme]}}`

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
  const styles =
    theme === 'auto'
      ? `${paperStyle('light')}${style(0)}@media screen and (prefers-color-scheme:dark){${paperStyle('dark')}${style(1)}}`
      : `${paperStyle(theme)}${style(theme === 'light' ? 0 : 1)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}" role="img" font-family="system-ui, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<style>${styles}</style>`,
    `<rect class="paper" width="100%" height="100%"/>`,
    ...marks.map(element),
    '</svg>\n',
  ].join('\n')
}
