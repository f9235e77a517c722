/** `laperm runs export` and `remove` on runs that `laperm train` made. */
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventFileName, eventsOfRun } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { hasNumpy, runNumpy } from '../../../test/devices/numpy.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { quick, trainTwoRuns } from './two-runs.ts'

const made = trainTwoRuns()

describe('laperm runs export', () => {
  test('prints a row of CSV a run and epoch', async () => {
    const { code, stdout, stderr } = await laperm(['runs', 'export', '--sort', 'seed'], made.path())
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const [header = '', ...rows] = stdout.trim().split('\n')
    const at = (name: string) => header.split(',').indexOf(name)
    expect(rows.map((row) => row.split(',')[at('run')])).toEqual(['one', 'one', 'two'])
    expect(rows.map((row) => row.split(',')[at('epoch')])).toEqual(['1', '2', '1'])
    expect(rows.map((row) => row.split(',')[at('syncPeriod')])).toEqual(['2', '2', '3'])
  })

  test('writes JSON with the numbers of metrics.jsonl', async () => {
    const directory = made.copy()
    const words = ['runs', 'export', 'runs/one', '--format', 'json', '--out', 'rows.json']
    expect(await laperm(words, directory)).toMatchObject({ code: 0, stderr: '1 run exported to rows.json\n' })
    const rows = JSON.parse(readFileSync(join(directory, 'rows.json'), 'utf8'))
    const lines = readFileSync(join(directory, 'runs', 'one', 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
    const epochs = lines.map((line) => JSON.parse(line))
    expect(rows.map(({ testLoss }: { readonly testLoss: number }) => testLoss)).toEqual(
      epochs.map(({ test: { loss } }) => loss),
    )
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('leaves out a damaged run and says so', async () => {
    const directory = made.copy()
    truncateSync(join(directory, 'runs', 'one', 'config.json'), 50)
    const { code, stdout, stderr } = await laperm(['runs', 'export'], directory)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^left out: one: config\.json: expected JSON/)
    expect(stdout.trim().split('\n')).toHaveLength(2)
  })

  test('writes weights for numpy: a file of one run, a directory of several', async () => {
    const directory = made.copy()
    const npz = ['runs', 'export', '--format', 'npz']
    expect((await laperm([...npz, '--out', 'all'], directory)).code).toBe(0)
    expect(readdirSync(join(directory, 'all')).sort()).toEqual(['one.npz', 'two.npz'])
    expect((await laperm([...npz, 'runs/one', '--out', 'one.npz'], directory)).code).toBe(0)
    const one = readFileSync(join(directory, 'one.npz'))
    expect(one.equals(readFileSync(join(directory, 'all', 'one.npz')))).toBe(true)
    expect((await laperm(npz, directory)).stderr).toMatch(/--format npz needs --out/)
    if (!hasNumpy) return
    const program =
      'import sys, numpy; w = numpy.load(sys.argv[1]); print(sorted(w.files)[0], w["best/" + sorted(w.files)[0].split("/", 1)[1]].shape)'
    expect(runNumpy(program, [join(directory, 'one.npz')])).toMatch(/^best\/\S+ \(\d+/)
  })
})

describe('what laperm runs export writes', () => {
  test('is of the kind that the name says, and replaces nothing unasked', async () => {
    const directory = made.copy()
    const exported = (...words: readonly string[]) => laperm(['runs', 'export', ...words], directory)
    expect((await exported('--out', 'rows.json')).code).toBe(0)
    expect(JSON.parse(readFileSync(join(directory, 'rows.json'), 'utf8'))).toHaveLength(3)
    expect((await exported('--out', 'rows.json')).stderr).toMatch(/rows\.json is there already.*--force/)
    expect((await exported('--out', 'rows.json', '--format', 'csv')).stderr).toMatch(
      /ends in \.json, but \.csv is written/,
    )
    expect((await exported('--out', 'rows.json', '--force')).code).toBe(0)
  })

  test('counts only the runs that are in it', async () => {
    const directory = made.copy()
    for (const file of ['best', 'last']) rmSync(join(directory, 'runs', 'two', `${file}.safetensors`))
    const all = await laperm(['runs', 'export', '--format', 'npz', '--out', 'all'], directory)
    expect(all.code).toBe(0)
    expect(all.stderr).toBe('left out: two: it has no weights yet\n1 run exported to all\n')
    const none = await laperm(['runs', 'export', 'runs/two', '--out', 'two.npz'], directory)
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/There is nothing to export: 1 run found, none of them has weights\./)
  })

  test('is an event file a run for TensorBoard, made from the metrics', async () => {
    const directory = made.copy()
    const words = ['runs', 'export', '--format', 'tensorboard', '--out', 'events']
    expect(await laperm(words, directory)).toMatchObject({ code: 0, stderr: '2 runs exported to events\n' })
    for (const run of ['one', 'two']) {
      const path = join(directory, 'events', run, eventFileName)
      const made = await eventsOfRun(join(directory, 'runs', run))()
      // The clock apart, which is in every event.
      expect(readFileSync(path)).toHaveLength(E.isRight(made) ? made.right.length : 0)
    }
    expect((await laperm(words, directory)).stderr).toMatch(/is there already/)
    expect((await laperm(words.slice(0, 4), directory)).stderr).toMatch(
      /tensorboard needs --out: a directory/,
    )
  })
})

describe('laperm runs remove', () => {
  test('removes with --yes, and nothing without where nobody can be asked', async () => {
    const directory = made.copy()
    const asked = await laperm(['runs', 'remove', 'runs/one', 'runs/two'], directory)
    expect(asked.code).toBe(2)
    expect(asked.stderr).toMatch(/Nobody can be asked here, so nothing was removed\. With --yes/)
    expect(readdirSync(join(directory, 'runs')).sort()).toEqual(['one', 'two'])
    writeFileSync(join(directory, 'runs', 'two', 'notes.txt'), 'mine')
    const removed = await laperm(['runs', 'remove', 'runs/one', 'runs/two', '--yes'], directory)
    expect(removed.code).toBe(0)
    expect(removed.stdout).toMatch(
      /one: removed \d files\n.*two: removed \d files; the directory stays.*: notes\.txt\n$/,
    )
    expect(readdirSync(join(directory, 'runs', 'two'))).toEqual(['notes.txt'])
    expect(existsSync(join(directory, 'runs', 'one'))).toBe(false)
  })

  test('refuses a run that is being trained, and what is no run', async () => {
    const directory = makeDirectory()
    const words = ['train', 'f1', '--epochs', '100000', '--out', 'runs/long', ...quick]
    const { child } = start(words, directory)
    await until('the run', () => existsSync(join(directory, 'runs', 'long', 'metrics.jsonl')))
    const { code, stderr } = await laperm(['runs', 'remove', 'runs/long', '--yes'], directory)
    expect(code).toBe(1)
    expect(stderr).toContain(`process ${child.pid} on`)
    expect(existsSync(join(directory, 'runs', 'long', 'config.json'))).toBe(true)
    expect((await laperm(['runs', 'remove', 'runs', '--yes'], directory)).stderr).toMatch(/this is no run/)
  })
})
