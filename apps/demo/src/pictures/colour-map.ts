/** A diverging colour map: one hue a sign, the page's own ground at 0, even steps for the eye. */

export type Rgb = readonly [red: number, green: number, blue: number]

/** Read `#rrggbb`, `#rgb`, `rgb(r, g, b)` or `color(srgb r g b)` into 0..255; grey where a colour is written in another way. */
export const parseColour = (text: string): Rgb => {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]
  if (hex !== undefined) {
    const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? [])
    const [red, green, blue] = digits.map((pair) => Number.parseInt(pair, 16))
    return [red, green, blue]
  }
  const numbers = (
    /^(?:rgba?|color)\((.*)\)$/i.exec(text.trim())?.[1].match(/-?[\d.]+(?:e-?\d+)?/g) ?? []
  ).map(Number)
  if (numbers.length < 3) return [128, 128, 128]
  const unit = text.trim().startsWith('color') ? 255 : 1
  return [numbers[0] * unit, numbers[1] * unit, numbers[2] * unit]
}

const toLinear = (channel: number): number => {
  const c = channel / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}

const fromLinear = (light: number): number => {
  const c = Math.max(0, Math.min(1, light))
  return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)
}

/** @see https://bottosson.github.io/posts/oklab/ for the constants */
const toOklab = (rgb: Rgb): Rgb => {
  const [r, g, b] = rgb.map(toLinear)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

const fromOklab = ([lightness, a, b]: Rgb): Rgb => {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** Entries of a map; the middle one is 0. */
export const mapEntries = 511

/**
 * Tabulate the map from `-1` over `0` to `1`, mixed in OKLab so that equal steps look equal.
 *
 * @returns `mapEntries` pixels of red, green, blue, alpha as an `ImageData` holds them.
 */
export const divergingMap = (negative: string, zero: string, positive: string): Uint8ClampedArray => {
  const ground = toOklab(parseColour(zero))
  const ends = [negative, positive].map((colour) => toOklab(parseColour(colour)))
  const table = new Uint8ClampedArray(mapEntries * 4)
  const middle = (mapEntries - 1) / 2
  for (let i = 0; i < mapEntries; i++) {
    const share = Math.abs(i - middle) / middle
    const end = ends[i < middle ? 0 : 1]
    const mixed = ground.map((from, k) => from + share * (end[k] - from)) as unknown as Rgb
    table.set([...fromOklab(mixed), 255], i * 4)
  }
  return table
}

const entryOf = (value: number, limit: number): number => {
  const middle = (mapEntries - 1) / 2
  return Math.round(middle + middle * Math.max(-1, Math.min(1, value / limit)))
}

/** The colour of one value as a canvas takes it. */
export const colourText = (value: number, limit: number, table: Uint8ClampedArray): string => {
  const at = 4 * entryOf(value, limit)
  return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`
}

/** Write the pixels of values: `-limit` and below at one end, `limit` and above at the other; NaN stays transparent. */
export const paintValues = (
  values: ArrayLike<number>,
  limit: number,
  table: Uint8ClampedArray,
  out: Uint8ClampedArray,
): void => {
  for (let i = 0; i < values.length; i++) {
    const entry = 4 * entryOf(values[i], limit)
    for (let k = 0; k < 4; k++) out[4 * i + k] = Number.isNaN(values[i]) ? 0 : table[entry + k]
  }
}
