import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { fieldsOf, type ListedRun, parseCondition, selectRuns } from '../src/index.ts'
import { experimentOf, must, settingsOf } from './fixture-runs.ts'

/** A run as it would be listed, without a directory. */
const runOf = (
  name: string,
  settings: Parameters<typeof experimentOf>[0],
  best: number | null,
): ListedRun => ({
  directory: `/runs/${name}`,
  name,
  state: best === null ? 'killed' : 'finished',
  holder: null,
  problem: null,
  config: {
    format: 'laperm-run/3',
    identity: '',
    createdAt: `2020-12-0${name.length}T00:00:00Z`,
    ...settingsOf(experimentOf(settings)),
  },
  summary: null,
  epochsDone: 0,
  lastAccuracy: best,
  bestAccuracy: best,
  sizeBytes: 1,
  createdAt: `2020-12-0${name.length}T00:00:00Z`,
  changedAt: null,
})

const runs = [
  runOf('a', { seed: 0, sparsity: 0.4 }, 0.5),
  runOf('bb', { seed: 4, sparsity: { kind: 'none' } }, 0.75),
  runOf(
    'ccc',
    {
      seed: 5,
      outer: {
        syncPeriod: {
          kind: 'steps',
          periods: [
            { fromStep: 1, period: 5 },
            { fromStep: 9, period: 20 },
          ],
        },
      },
    },
    null,
  ),
  runOf('dddd', { seed: 6, optimizer: 'adam', outer: undefined, sparsity: 0.4 }, 0.25),
]

const conditions = (texts: string) => texts.split(' ').map((text) => must(parseCondition(text, '--where')))
const namesWhere = (texts: string): string =>
  must(selectRuns(runs, { conditions: conditions(texts), sort: { field: 'name', isDescending: false } }))
    .map(({ name }) => name)
    .join(' ')

describe('conditions', () => {
  test.each([
    ['seed=0..4', 'a bb'],
    ['seed!=0..4', 'ccc dddd'],
    ['seed>4', 'ccc dddd'],
    ['seed>=4', 'bb ccc dddd'],
    ['seed<4', 'a'],
    ['seed<=4', 'a bb'],
    ['seed=4.0', 'bb'],
    ['sparsity>0.3', 'a dddd'],
    ['sparsity=0', 'bb ccc'],
    ['sparsity.kind=none', 'bb ccc'],
    ['model=F1', 'a bb ccc dddd'],
    ['optimizer=adam', 'dddd'],
    ['syncPeriod=5', 'a bb'],
    ['syncPeriod=5,20@9', 'ccc'],
    ['syncPeriod=none', 'dddd'],
    // Nothing is neither below nor above.
    ['syncPeriod<100', 'a bb'],
    ['outer.syncPeriod.period=5', 'a bb'],
    ['sync-period=5', 'a bb'],
    ['init=heUniform', 'a bb ccc dddd'],
    ['bestTestAccuracy>=0.5', 'a bb'],
    ['status=killed', 'ccc'],
    ['evaluateInner=false', 'a bb ccc dddd'],
    ['createdAt>2020-12-02', 'bb ccc dddd'],
    ['seed>0 sparsity=0', 'bb ccc'],
  ])('%s', (texts, names) => {
    expect(namesWhere(texts)).toBe(names)
  })

  test.each(['seed', '=4', 'seed=', 'seed>many', 'seed~4'])('%s is refused', (text) => {
    expect(parseCondition(text, '--where')).toMatchObject({ _tag: 'Left', left: { setting: '--where' } })
  })
})

describe('selectRuns', () => {
  const names = (sort: string, isDescending: boolean, limit?: number) =>
    must(selectRuns(runs, { sort: { field: sort, isDescending }, limit })).map(({ name }) => name)

  test('puts the newest first', () => {
    expect(must(selectRuns(runs, {})).map(({ name }) => name)).toEqual(['dddd', 'ccc', 'bb', 'a'])
  })

  test('sorts by a field; what does not have it stands last, whichever way', () => {
    expect(names('bestTestAccuracy', true)).toEqual(['bb', 'a', 'dddd', 'ccc'])
    expect(names('bestTestAccuracy', false)).toEqual(['dddd', 'a', 'bb', 'ccc'])
    expect(names('bestTestAccuracy', true, 2)).toEqual(['bb', 'a'])
  })

  test('puts what is looked for first where nobody says which way', () => {
    const first = (field: string) => must(selectRuns(runs, { sort: { field } }))[0]?.name
    expect(first('bestTestAccuracy')).toBe('bb')
    expect(first('createdAt')).toBe('dddd')
    expect(first('seed')).toBe('a')
  })

  test.each([
    ['seed=abc', { _tag: 'InvalidSetting', setting: 'the field seed', value: "'abc'" }],
    ['seed=4..0', { _tag: 'InvalidSetting', setting: 'the field seed' }],
    ['seed=0..', { _tag: 'InvalidSetting', setting: 'the field seed' }],
    ['evaluateInner=maybe', { _tag: 'InvalidSetting', setting: 'the field evaluateInner' }],
    ['model=f3', { _tag: 'UnknownName', what: 'model of a run', nearest: 'f1' }],
    ['status=finishd', { _tag: 'UnknownName', nearest: 'finished' }],
    ['dataset=mnits', { _tag: 'UnknownName', nearest: 'mnist' }],
  ])('%s cannot be meant', (text, left) => {
    expect(selectRuns(runs, { conditions: conditions(text) })).toMatchObject({ _tag: 'Left', left })
  })

  test('takes what could be, though no run has it', () => {
    for (const text of ['model=conv7', 'dataset=mnist', 'status=diverged', 'seed=none', 'engine=wasm'])
      expect(must(selectRuns(runs, { conditions: conditions(text) }))).toEqual([])
  })

  test('names the nearest field to one that no run has', () => {
    expect(selectRuns(runs, { conditions: conditions('syncPeriodd=5') })).toMatchObject({
      _tag: 'Left',
      left: { name: 'syncPeriodd', nearest: 'syncPeriod' },
    })
    expect(E.isLeft(selectRuns(runs, { sort: { field: 'sed', isDescending: false } }))).toBe(true)
  })

  test('has a field for every setting', () => {
    expect(fieldsOf(runs[0])).toMatchObject({
      'learningRate.kind': 'exponential',
      batchSize: 50,
      sparsity: 0.4,
    })
  })
})
