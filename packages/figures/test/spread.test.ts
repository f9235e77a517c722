import { expect, test } from 'vitest'
import { spreadLabels, thinMarks } from '../src/spread.ts'

test('labels with room stay where they are', () => {
  expect(spreadLabels([50, 10, 90], 16, 0, 100)).toEqual([50, 10, 90])
})

test('labels that would overlap are centred on where they wanted to be, in their order', () => {
  // 40 and 44 want a mean of 42; 16 apart that is 34 and 50.
  expect(spreadLabels([44, 40], 16, 0, 100)).toEqual([50, 34])
})

test('labels stay inside', () => {
  expect(spreadLabels([1, 2, 3], 16, 8, 100)).toEqual([8, 24, 40])
  expect(spreadLabels([99, 98], 16, 8, 92)).toEqual([92, 76])
})

test('a pushed group pushes the next', () => {
  // 40 and 44 become 34 and 50; 60 is less than 16 from 50: all three around their mean 48.
  expect(spreadLabels([40, 44, 60], 16, 0, 100)).toEqual([32, 48, 64])
})

test('marks too close to the last kept one are left out, and those kept stay kept', () => {
  const marks = Array.from({ length: 20 }, (_, i) => i * 3)
  expect(thinMarks(marks, 10)).toEqual([0, 12, 24, 36, 48])
  expect(thinMarks(marks.slice(0, 10), 10)).toEqual([0, 12, 24])
})
