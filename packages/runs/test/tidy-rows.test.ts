import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import {
  csvLines,
  epochColumns,
  type ListedRun,
  listRuns,
  runFiles,
  tidyColumns,
  tidyRows,
} from '../src/index.ts'
import { experimentOf, makeDirectory, makeRun, must, trainInto } from './fixture-runs.ts'

const trained = async (
  parent: string,
  settings: Parameters<typeof experimentOf>[0],
  stopAt = 0,
): Promise<ListedRun> => {
  const run = await makeRun(experimentOf(settings), parent, join(parent, 'one'))
  await trainInto(run, { stopAt })
  for await (const found of must(await listRuns(parent)())) return found
  throw new Error('no run')
}

test('a run has a row an epoch, with what was measured and every setting', async () => {
  const run = await trained(makeDirectory(), { sparsity: 0.4, evaluateInner: true })
  const rows = must(await tidyRows(run))
  const lines = readFileSync(join(run.directory, runFiles.metrics), 'utf8').trim().split('\n')
  const epochs = lines.map((line) => JSON.parse(line))
  expect(rows).toHaveLength(2)
  for (const [index, row] of rows.entries())
    expect(row).toMatchObject({
      run: 'one',
      status: 'finished',
      model: 'f1',
      syncPeriod: 5,
      sparsity: 0.4,
      epoch: index + 1,
      learningRate: epochs[index].learningRate,
      testAccuracy: epochs[index].test.accuracy,
      innerLoss: epochs[index].inner.loss,
      'outer.syncPeriod.period': 5,
      'learningRate.kind': 'exponential',
      threads: 1,
    })
  expect(tidyColumns(rows)).toEqual(expect.arrayContaining(Object.keys(epochColumns)))
})

test('what a kill left of a line is no row', async () => {
  const run = await trained(makeDirectory(), { epochs: 3 }, 22)
  appendFileSync(join(run.directory, runFiles.metrics), '{"epoch":3')
  expect(must(await tidyRows(run))).toHaveLength(2)
})

test('a run whose metrics are not those that it has left has no rows, and says so', async () => {
  const run = await trained(makeDirectory(), {})
  const path = join(run.directory, runFiles.metrics)
  const written = readFileSync(path, 'utf8')
  writeFileSync(path, written.replace('"epoch":2', '"epoch":3'))
  const rows = await tidyRows(run)
  expect(E.isLeft(rows) && rows.left.reason).toMatch(
    /^metrics\.jsonl: expected SHA-256 [0-9a-f]{64}, as summary\.json beside it says, found [0-9a-f]{64}\.$/,
  )
  writeFileSync(path, written)
  expect(must(await tidyRows(run))).toHaveLength(2)
})

test('CSV keeps every number, and names with commas, quotes and line breaks', async () => {
  const run = await trained(makeDirectory(), {})
  const [row] = must(await tidyRows({ ...run, name: 'a "b",\nc' }))
  const [header, line] = csvLines([row])
  expect(header.split(',').slice(0, 3)).toEqual(['run', 'identity', 'status'])
  expect(line.startsWith('"a ""b"",\nc",')).toBe(true)
  expect(line.split(',')).toContain(String(row['testLoss']))
  expect(csvLines([{ a: null, b: 1 }, { c: true }])).toEqual(['a,b,c', ',1,', ',,true'])
})
