import { describe, expect, test } from 'vitest'
import { cutText, type TextColumn, tableLines } from '../src/text-table.ts'

interface Row {
  readonly name: string
  readonly value: number
}
const columns: readonly TextColumn<Row>[] = [
  { title: 'name', text: ({ name }) => name },
  { title: 'value', text: ({ value }) => String(value), isNumber: true, dropsAt: 1 },
  { title: 'double', text: ({ value }) => String(2 * value), isNumber: true, dropsAt: 2 },
]
const rows = [
  { name: 'short', value: 1 },
  { name: 'a-name-that-is-rather-long', value: 1000 },
]

describe('tableLines', () => {
  test('aligns words left and numbers right', () => {
    expect(tableLines(rows, columns, undefined)).toEqual([
      'name                        value  double',
      'short                           1       2',
      'a-name-that-is-rather-long   1000    2000',
    ])
  })

  test('leaves out what matters least, then cuts names in their middle', () => {
    expect(tableLines(rows, columns, 40)).toEqual([
      'name                        value',
      'short                           1',
      'a-name-that-is-rather-long   1000',
    ])
    expect(tableLines(rows, columns, 20)).toEqual(['name', 'short', 'a-name-tha…ther-long'])
  })

  test.each([1, 12, 13, 30, 33, 34, 41])('fits %i columns, or is as narrow as it gets', (most) => {
    for (const line of tableLines(rows, columns, most))
      expect(line.length).toBeLessThanOrEqual(Math.max(12, most))
  })

  test('shows what a terminal would obey, and counts what it would', () => {
    const [, line] = tableLines([{ name: '\u001b[2J\nx', value: 1 }], columns, undefined)
    expect(line).toBe('\\u{1b}[2J\\u{a}x      1       2')
    // Two columns each.
    expect(tableLines([{ name: '跑步', value: 1 }], columns, undefined)[1]).toBe('跑步      1       2')
  })
})

test('a cut text has the width that was asked for', () => {
  expect(cutText('abcdefgh', 5)).toBe('ab…gh')
  expect(cutText('跑步跑步', 5)).toBe('跑…步')
  expect(cutText('abc', 3)).toBe('abc')
})
