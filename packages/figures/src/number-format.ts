/** Numbers as the pictures write them: English grouping, a true minus, three significant digits. */

/** How values are written: as they are, or fractions as per cent. */
export type ValueFormat = 'number' | 'percent'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const threeDigits = new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })
const twoPlaces = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

const withMinus = (text: string): string => text.replace('-', '−')

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const powerOfTen = (exponent: number): string =>
  `10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join('')}`

/** A whole number with thousands apart: `23,450`. */
export const formatStep = (step: number): string => withMinus(whole.format(step))

/** A measured value: `0.0213`, `1.24 × 10⁻⁵`, `93.12%`. */
export const formatValue = (value: number, format: ValueFormat = 'number'): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'diverged' : value > 0 ? '∞' : '−∞'
  if (format === 'percent') return withMinus(`${twoPlaces.format(value * 100)}%`)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [digits, exponent] = value.toExponential(2).split('e')
    return `${withMinus(digits)} × ${powerOfTen(Number(exponent))}`
  }
  return withMinus(threeDigits.format(value))
}

/**
 * A round number beside an axis, with the fewest digits that tell it from its neighbours.
 *
 * @param step distance to the next tick.
 */
export const formatTick = (value: number, step: number, format: ValueFormat = 'number'): string => {
  const [shown, apart] = format === 'percent' ? [value * 100, step * 100] : [value, step]
  const unit = format === 'percent' ? '%' : ''
  const exponent = Math.floor(Math.log10(apart) + 1e-9)
  if (shown !== 0 && (exponent < -4 || Math.abs(shown) >= 1e7)) {
    const own = Math.floor(Math.log10(Math.abs(shown)) + 1e-9)
    const mantissa = Number((shown / 10 ** own).toPrecision(4))
    return withMinus(mantissa === 1 ? powerOfTen(own) : `${mantissa} × ${powerOfTen(own)}`) + unit
  }
  let places = Math.max(0, -exponent)
  // 0.25 apart wants two places where 0.2 wants one.
  while (places < 12 && Math.abs(apart * 10 ** places - Math.round(apart * 10 ** places)) > 1e-6) places++
  const text = shown.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places })
  return withMinus(text) + unit
}
