import { renderTrainError, resolveExperiment, settingsFromFlags } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  expandSweep,
  parseSweepFile,
  type ResolvedRun,
  readAlternatives,
  renderInvalidSweep,
  type SweepValues,
  sweepCombinations,
  sweepFromFlags,
  sweepSize,
} from '../src/sweep/index.ts'
import { must } from './fixture-runs.ts'

const refusal = <A>(value: E.Either<Parameters<typeof renderInvalidSweep>[0], A>): string => {
  if (E.isRight(value)) throw new Error(`not refused: ${JSON.stringify(value.right)}`)
  return renderInvalidSweep(value.left)
}

describe('alternatives in the text of a flag', () => {
  test.each([
    ['sync-period', '1,5,20,100', ['1', '5', '20', '100']],
    ['seed', '0..4', ['0', '1', '2', '3', '4']],
    ['seed', '1..3,7', ['1', '2', '3', '7']],
    ['limit', '1000..2000..500', ['1000', '1500', '2000']],
    ['sparsity', '0..0.3..0.1', ['0', '0.1', '0.2', '0.3']],
    ['sync-period', '20,1000@5001;250', ['20,1000@5001', '250']],
    ['sync-period', '20,1000@5001;', ['20,1000@5001']],
    ['sparsity', '0.9,0.9,0.9; 0.5,0.5,0.5', ['0.9,0.9,0.9', '0.5,0.5,0.5']],
    ['augment', 'on,off', [true, false]],
    ['augment', 'rotation=10,shift=0.1;off', ['rotation=10,shift=0.1', false]],
    ['dataset', '../mine,digits', ['../mine', 'digits']],
    ['model', 'f1,f2', ['f1', 'f2']],
  ])('--%s %s', (field, text, expected) => {
    expect(must(readAlternatives(field, text))).toEqual(expected)
  })

  test('commas that may belong to one value are refused with both ways to write it', () => {
    expect(refusal(readAlternatives('sync-period', '20,1000@5001'))).toBe(
      "--sync-period is '20,1000@5001', but its commas may separate alternatives or belong to one value: write a semicolon between alternatives, or behind the only one, as '20,1000@5001;'.",
    )
    expect(refusal(readAlternatives('permute', 'kernel,bias'))).toContain('semicolon')
  })

  test.each([
    ['1,,2', 'each of its alternatives must say something'],
    ['', 'each of its alternatives must say something'],
    ['5..1', 'it must not end below its beginning'],
    ['1..5..0', 'its step must be above 0'],
    ['0..1e9', 'it must have at most 1000000 values'],
    ['0..1e400', 'its ends and its step must be finite numbers'],
  ])('--seed %s is refused', (text, rule) => {
    expect(refusal(readAlternatives('seed', text))).toContain(rule)
  })
})

describe('a sweep file', () => {
  const parse = (value: unknown) => parseSweepFile('k.json', JSON.stringify(value), 'k')

  test('a grid is every combination, the last field changing first', () => {
    const sweep = must(
      parse({ grid: { model: 'f1', 'sync-period': [20, '20,1000@5001'], seed: { from: 1, to: 2 } } }),
    )
    expect(sweep.name).toBe('k')
    expect(sweepSize(sweep)).toBe(4)
    expect([...sweepCombinations(sweep)]).toEqual([
      { model: 'f1', 'sync-period': '20', seed: '1' },
      { model: 'f1', 'sync-period': '20', seed: '2' },
      { model: 'f1', 'sync-period': '20,1000@5001', seed: '1' },
      { model: 'f1', 'sync-period': '20,1000@5001', seed: '2' },
    ])
  })

  test('ranges that are more than can be planned are refused before they are all expanded', () => {
    const many = '1..600000'
    const flags = (given: Readonly<Record<string, string>>) => {
      const read = sweepFromFlags('x', given)
      return E.isLeft(read) ? renderInvalidSweep(read.left) : 'taken'
    }
    expect(flags({ seed: '1..1e9' })).toMatch(/--seed is '1\.\.1e9', but it must have at most 1000000 values/)
    expect(flags({ seed: `${many},${many}` })).toMatch(/but it must have at most 1000000 values/)
    expect(flags({ seed: many, epochs: '1..2', limit: many })).toMatch(
      /--epochs is '1\.\.2', but with the fields before it there are 1200000 runs, and at most 1000000/,
    )
    const file = parse({ grid: { model: 'f1', seed: { from: 1, to: 600_000 }, epochs: [1, 2] } })
    expect(E.isLeft(file) && renderInvalidSweep(file.left)).toMatch(
      /^k\.json: grid\.epochs is \[1,2\], but with the fields before it there are 1200000 runs/,
    )
  })

  test('listed runs are each combined with the grid', () => {
    const sweep = must(
      parse({
        name: 'figure-6',
        runs: [{ model: 'f1' }, { model: 'f2', augment: false }],
        grid: { seed: [1, 2, 3] },
      }),
    )
    expect(sweepSize(sweep)).toBe(6)
    expect([...sweepCombinations(sweep)].at(-1)).toEqual({ model: 'f2', augment: false, seed: '3' })
  })

  test.each([
    ['[]', 'k.json: the file is [], but it must be an object.'],
    ['{', 'k.json: line 1 is its end, but JSON with '],
    ['{"grid":{"seed":1},\n"grid":{}}', 'k.json: line 2 is '],
    ['{}', 'it must have a grid of alternatives, a list of runs, or both'],
    ['{"grid":{}}', 'k.json: grid is {}, but it must have at least one field.'],
    ['{"grid":{"seed":[]}}', 'k.json: grid.seed is [], but it must be a list of at least one.'],
    ['{"runs":[]}', 'k.json: runs is [], but it must be a list of at least one.'],
    ['{"gird":{"seed":1}}', 'k.json: gird is "gird", but there is no such field; did you mean \'grid\'?'],
    [
      '{"grid":{"seeds":1}}',
      'k.json: grid.seeds is "seeds", but there is no such field; did you mean \'seed\'?',
    ],
    ['{"grid":{"seed":{"from":1}}}', 'k.json: grid.seed.to is missing, but it must be a number.'],
    [
      '{"grid":{"seed":{"from":1,"to":5,"by":2}}}',
      'k.json: grid.seed.by is "by", but there is no such field',
    ],
    ['{"grid":{"seed":{"from":5,"to":1}}}', 'it must not end below its beginning'],
    ['{"grid":{"seed":[1,[2]]}}', 'k.json: grid.seed[1] is [2], but it must be a number or a text'],
    ['{"grid":{"seed":false}}', 'k.json: grid.seed is false, but it must be a number or a text'],
    ['{"grid":{"seed":1e999}}', 'k.json: '],
    ['{"runs":[{"seed":1},7]}', 'k.json: runs[1] is 7, but it must be an object.'],
    ['{"runs":[{"seed":1}],"grid":{"seed":2}}', 'k.json: runs[0].seed is 1, but the grid has this field too'],
    ['{"name":"../x","grid":{"seed":1}}', 'k.json: name is "../x", but it must have 1 to 100 letters'],
    ['{"grid":{"__proto__":1}}', 'k.json: grid.__proto__ is "__proto__", but there is no such field'],
  ])('%s is refused with the field', (text, expected) => {
    expect(refusal(parseSweepFile('k.json', text, 'k'))).toContain(expected)
  })
})

describe('expanding', () => {
  const source = { dataDir: null, folder: null, acceptChecksum: false }
  const resolve = ({ model, ...texts }: SweepValues): E.Either<string, ResolvedRun> =>
    F.pipe(
      settingsFromFlags(texts),
      E.flatMap((settings) => resolveExperiment({ ...settings, model: String(model) })),
      E.bimap(renderTrainError, (experiment) => ({ experiment, source })),
    )

  test('every combination becomes an experiment, with what was chosen for it', () => {
    const sweep = must(sweepFromFlags('s', { model: 'f1', epochs: '2', 'sync-period': '5,20', seed: '1..3' }))
    const { fields, runs } = must(expandSweep(sweep, resolve))
    expect(fields).toEqual(['sync-period', 'seed'])
    expect(runs.map(({ choice }) => choice.join())).toEqual(['5,1', '5,2', '5,3', '20,1', '20,2', '20,3'])
    expect(runs.map(({ experiment }) => experiment.seed)).toEqual([1, 2, 3, 1, 2, 3])
    expect(runs.every(({ experiment }) => experiment.epochs === 2)).toBe(true)
  })

  test('parts that contradict themselves are all named, and nothing comes of it', () => {
    const sweep = must(
      sweepFromFlags('s', { model: 'f1', optimizer: 'laperm,adam', 'sync-period': '5,0,20', seed: '1,2' }),
    )
    const expanded = expandSweep(sweep, resolve)
    expect(expanded).toEqual(
      E.left({
        _tag: 'RefusedSweep',
        size: 12,
        parts: [
          {
            message: expect.stringContaining('outer.syncPeriod.period is 0'),
            example: 'f1 --optimizer laperm --sync-period 0 --seed 1',
            count: 2,
          },
          {
            message: expect.stringContaining('takes none'),
            example: 'f1 --optimizer adam --sync-period 5 --seed 1',
            count: 2,
          },
          expect.objectContaining({ count: 2 }),
          expect.objectContaining({ count: 2 }),
        ],
      }),
    )
  })
})
