/** The palette's promises, computed from theme.css itself: contrast, and colours that colour-blind readers can tell apart. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseColour, type Rgb } from '../../src/pictures/colour-map.ts'

const css = readFileSync(new URL('../../src/pictures/theme.css', import.meta.url), 'utf8')

const tokensOf = (selector: string): Readonly<Record<string, Rgb>> => {
  const start = css.indexOf(selector)
  if (start < 0) throw new Error(`theme.css has no ${selector}`)
  const block = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries(
    [...block.matchAll(/--([a-z]+):\s*(#[0-9a-f]{6})/g)].map(([, name, colour]) => [
      name,
      parseColour(colour),
    ]),
  )
}

const linear = (channel: number): number => {
  const c = channel / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}
const luminance = (colour: Rgb): number => {
  const [r, g, b] = colour.map(linear)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
const contrast = (a: Rgb, b: Rgb): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

/** Full deficiencies in linear RGB. @see Machado, Oliveira, Fernandes 2009, table of severity 1 */
const deficiencies = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
  none: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const

/** Distance in OKLab of two colours as somebody sees them. */
const distance = (a: Rgb, b: Rgb, m: readonly number[]): number => {
  const [p, q] = [a, b].map((colour) => {
    const [r, g, b] = colour.map(linear)
    const seen = [0, 3, 6].map((row) => Math.max(0, m[row] * r + m[row + 1] * g + m[row + 2] * b))
    const l = Math.cbrt(0.4122214708 * seen[0] + 0.5363325363 * seen[1] + 0.0514459929 * seen[2])
    const n = Math.cbrt(0.2119034982 * seen[0] + 0.6806995451 * seen[1] + 0.1073969566 * seen[2])
    const s = Math.cbrt(0.0883024619 * seen[0] + 0.2817188376 * seen[1] + 0.6299787005 * seen[2])
    return [
      0.2104542553 * l + 0.793617785 * n - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * n + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * n - 0.808675766 * s,
    ]
  })
  return Math.hypot(...p.map((value, k) => value - q[k]))
}

const schemes = { light: ':root {', dark: ':root:not([data-theme="light"]) {' } as const

describe.each(Object.entries(schemes))('the %s palette', (_, selector) => {
  const tokens = tokensOf(selector)

  test.each(['text', 'muted', 'laperm', 'adam', 'lookahead', 'positive', 'negative'])(
    '--%s is readable as text: WCAG AA, 4.5 to 1',
    (name) => {
      expect(contrast(tokens[name], tokens['surface'])).toBeGreaterThanOrEqual(4.5)
    },
  )

  test.each(Object.entries(deficiencies))('the optimizers differ with %s', (_, matrix) => {
    const [a, b, c] = [tokens['laperm'], tokens['adam'], tokens['lookahead']]
    // 0.02 is about the least difference that is noticed side by side.
    for (const [one, other] of [
      [a, b],
      [a, c],
      [b, c],
    ])
      expect(distance(one, other, matrix)).toBeGreaterThan(0.08)
    expect(distance(tokens['positive'], tokens['negative'], matrix)).toBeGreaterThan(0.12)
  })

  test('grid lines stay in the background', () => {
    expect(contrast(tokens['grid'], tokens['surface'])).toBeLessThan(1.6)
  })
})

test('the chosen dark scheme is the dark scheme', () => {
  expect(tokensOf(':root[data-theme="dark"] {')).toEqual(tokensOf(schemes.dark))
})
