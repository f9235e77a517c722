import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { officialGolden } from '../../../test/official-golden.ts'
import { parseGoldenCases } from '../src/golden-case.ts'

const base64 = (values: Float32Array | Uint32Array): string => Buffer.from(values.buffer).toString('base64')
const floats = (...values: number[]) => base64(Float32Array.from(values))

/** Vectors (3, 1) and (2, 4) as the columns of a [2, 2] matrix; sorted and ranked in rows of a vector each. */
const record = {
  name: 'by hand',
  shape: [2, 2],
  theta0: floats(3, 2, 1, 4),
  thetaT: floats(3, 2, 1, 4),
  sorted: floats(1, 3, 2, 4),
  rank: base64(Uint32Array.of(1, 0, 0, 1)),
  synchronized: floats(3, 2, 1, 4),
}

describe('parseGoldenCases', () => {
  test('turns rows of sorted and rank into columns', () => {
    const matrix = (...values: number[]) => ({ values: Float32Array.from(values), length: 2, count: 2 })
    expect(parseGoldenCases({ cases: [record] })).toEqual(
      E.right([
        {
          name: 'by hand',
          theta0: matrix(3, 2, 1, 4),
          thetaT: matrix(3, 2, 1, 4),
          sorted: matrix(1, 2, 3, 4),
          ranks: matrix(1, 0, 0, 1),
          synchronized: matrix(3, 2, 1, 4),
        },
      ]),
    )
  })

  test('reads the 26 cases of the authors', () => {
    expect(officialGolden().map(({ name }) => name)).toHaveLength(26)
  })

  test.each([
    ['null', null, 'cases'],
    ['no list', { cases: 3 }, 'cases'],
    ['a case that is none', { cases: [7] }, 'cases[0]'],
    ['a case without a name', { cases: [{ ...record, name: 1 }] }, 'cases[0].name'],
    ['a shape that is none', { cases: [record, { ...record, shape: [2, -2] }] }, 'cases[1].shape'],
    ['text that is not base64', { cases: [{ ...record, theta0: '%%%' }] }, 'cases[0].theta0'],
    ['an array too short', { cases: [{ ...record, rank: floats(1) }] }, 'cases[0].rank'],
  ])('says where a file is wrong: %s', (_name, file, where) => {
    expect(parseGoldenCases(file)).toMatchObject(E.left({ _tag: 'InvalidGoldenFile', where }))
  })
})
