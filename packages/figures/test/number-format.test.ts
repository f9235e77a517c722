import { expect, test } from 'vitest'
import { formatStep, formatTick, formatValue } from '../src/number-format.ts'

test('measured values have three digits', () => {
  expect([2.3013, 0.0213, -0.5, 0, 1234, 0.0000124, 3.4e7].map((value) => formatValue(value))).toEqual([
    '2.30',
    '0.0213',
    '−0.500',
    '0.00',
    '1,230',
    '1.24 × 10⁻⁵',
    '3.40 × 10⁷',
  ])
})

test('fractions are written as per cent where asked', () => {
  expect(formatValue(0.93119, 'percent')).toBe('93.12%')
})

test('what is no number is said', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((v) => formatValue(v))).toEqual(
    ['diverged', '∞', '−∞'],
  )
})

test('steps are grouped', () => {
  expect(formatStep(23450)).toBe('23,450')
})

test('ticks say no more than tells them apart', () => {
  expect(formatTick(0.25, 0.25)).toBe('0.25')
  expect(formatTick(0.2, 0.1)).toBe('0.2')
  expect(formatTick(-2000, 500)).toBe('−2,000')
  expect(formatTick(0.00002, 0.00001)).toBe('2 × 10⁻⁵')
})
