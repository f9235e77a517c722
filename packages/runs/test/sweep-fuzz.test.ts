/**
 * Damaged sweep files: each is refused with the path of the field that is wrong, or is a sweep all the same. Short here; `npm run test:fuzz`
 * draws 20,000 of both kinds.
 */
import { makeRandom, type Random } from '@laperm/core'
import { parseStrictJson } from '@laperm/formats'
import { renderTrainError, resolveExperiment, settingsFromFlags } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageJson } from '../../../test/mutations.ts'
import {
  expandSweep,
  parseSweepFile,
  type ResolvedRun,
  renderInvalidSweep,
  renderRefusedSweep,
  type SweepDefinition,
  type SweepValues,
  sweepFields,
  sweepSize,
} from '../src/sweep/index.ts'

const rounds = fuzzRounds(300)
const mostBytes = 64 * 2 ** 20

const whole = () => ({
  name: 'periods',
  grid: {
    model: ['f1', 'f2'] as unknown,
    seed: { from: 1, to: 5, step: 2 } as unknown,
    'sync-period': [20, '20,1000@5001', 250] as unknown,
    epochs: 3 as unknown,
  } as Record<string, unknown>,
  runs: [
    { sparsity: 0, augment: false },
    { sparsity: 0.5, init: 'shared:0.03' },
    { 'learning-rate': '1e-3' },
  ] as unknown[],
})
type Whole = ReturnType<typeof whole>

const pick = <A>(items: readonly A[], random: Random): A => items[random.nextInt(items.length)]

/** Wrong where one value must stand. */
const noValues = [null, '', [1], {}, [[]]]
/** Wrong where a value, a list or a range must stand, and where in it. */
const noAxes: readonly (readonly [value: unknown, where: string])[] = [
  [null, ''],
  ['', ''],
  [[], ''],
  [[1, null], '[1]'],
  [[[1]], '[0]'],
  [{}, '.from'],
  [{ from: 1 }, '.to'],
  [{ from: '1', to: 2 }, '.from'],
  [{ from: 1, to: 2, step: null }, '.step'],
  [{ from: 1, to: 2, by: 1 }, '.by'],
  [{ from: 2, to: 1 }, ''],
  [{ from: 1, to: 2, step: 0 }, ''],
  [{ from: 0, to: 9_007_199_254_740_991 }, ''],
]

/** Make one field of a sweep wrong. @returns its path, as the error must name it. */
const spoil = (sweep: Whole, random: Random): string => {
  const field = pick(Object.keys(sweep.grid), random)
  const index = random.nextInt(sweep.runs.length)
  const run = sweep.runs[index] as Record<string, unknown>
  const key = pick(Object.keys(run), random)
  switch (random.nextInt(9)) {
    case 0: {
      const [value, where] = pick(noAxes, random)
      sweep.grid[field] = value
      return `grid.${field}${where}`
    }
    case 1: {
      const list = sweep.grid['sync-period'] as unknown[]
      const at = random.nextInt(list.length)
      list[at] = pick(noValues, random)
      return `grid.sync-period[${at}]`
    }
    case 2:
      run[key] = pick(noValues, random)
      return `runs[${index}].${key}`
    case 3:
      run[`${key}x`] = 1
      return `runs[${index}].${key}x`
    case 4:
      sweep.grid[`${field}x`] = 1
      return `grid.${field}x`
    case 5:
      sweep.runs[index] = pick([7, null, [], 'f1'], random)
      return `runs[${index}]`
    case 6:
      run[field] = 1
      return `runs[${index}].${field}`
    case 7:
      sweep.name = pick(['', '../x', 'a b', 'x'.repeat(101)], random)
      return 'name'
    default:
      Object.assign(sweep, { [pick(['gird', 'seed', 'constructor'], random)]: 1 })
      return Object.keys(sweep).at(-1) ?? ''
  }
}

test(
  'a sweep file with one wrong field is refused with its path',
  () => {
    for (let round = 0; round < rounds; round++) {
      const sweep = whole()
      const path = spoil(sweep, makeRandom(1, 'fuzz/spoiled-sweep', round))
      const text = JSON.stringify(sweep)
      const parsed = parseSweepFile('k.json', text, 'k')
      if (E.isRight(parsed)) throw new Error(`taken: ${text}`)
      expect(parsed.left.field, text).toBe(path)
      expect(renderInvalidSweep(parsed.left).startsWith(`k.json: ${path} is `), text).toBe(true)
    }
    console.log(`sweep files with one wrong field: ${rounds}, each refused with its path`)
  },
  fuzzTimeoutMs(rounds),
)

const source = { dataDir: null, folder: null, acceptChecksum: false }
const resolve = ({ model, ...texts }: SweepValues): E.Either<string, ResolvedRun> =>
  F.pipe(
    settingsFromFlags(texts),
    E.flatMap((settings) => resolveExperiment({ ...settings, model: String(model) })),
    E.bimap(renderTrainError, (experiment) => ({ experiment, source })),
  )

/** Every field is one of a sweep, in the order of the file, and every value a text or a switch. */
const expectSound = ({ axes, runs }: SweepDefinition, text: string): void => {
  const file = JSON.parse(text)
  expect(E.isRight(parseStrictJson(text, 8)), 'each key once').toBe(true)
  expect(axes.map(({ field }) => field)).toEqual(Object.keys(file.grid ?? {}))
  expect(runs.length).toBe(file.runs?.length ?? 1)
  for (const { field, values } of axes) {
    expect(sweepFields).toContain(field)
    expect(values.length).toBeGreaterThan(0)
  }
  for (const value of [...axes.flatMap(({ values }) => values), ...runs.flatMap(Object.values)])
    expect(['string', 'boolean']).toContain(typeof value)
}

test(
  'a damaged sweep file is refused in words, or is a sweep all the same',
  () => {
    const bytes = Buffer.from(JSON.stringify(whole(), null, 1))
    let refused = 0
    let expanded = 0
    for (let round = 0; round < rounds; round++) {
      const text = Buffer.from(damageJson(bytes, makeRandom(1, 'fuzz/sweep', round))).toString('utf8')
      const where = `round ${round}: ${text.slice(0, 2000)}`
      const before = process.memoryUsage().heapUsed
      const parsed = parseSweepFile('k.json', text, 'k')
      expect(process.memoryUsage().heapUsed - before, where).toBeLessThan(mostBytes)
      if (E.isLeft(parsed)) {
        refused++
        const words = renderInvalidSweep(parsed.left)
        expect(words, where).toMatch(/^k\.json: (line \d+|the file|name|grid|runs|.{1,100}) .*but .*\.$/s)
        expect(words.length, where).toBeLessThan(120_000)
        continue
      }
      expectSound(parsed.right, text)
      if (sweepSize(parsed.right) > 40) continue
      const runs = expandSweep(parsed.right, resolve)
      if (E.isLeft(runs)) expect(renderRefusedSweep(runs.left), where).toContain('Nothing was started')
      else expanded++
    }
    console.log(
      `sweep files: ${rounds} mutations, ${refused} refused, ${rounds - refused} well-formed, ${expanded} of these can be trained`,
    )
  },
  fuzzTimeoutMs(rounds),
)
