import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'
import { quick } from './two-runs.ts'

test('the ranking distance is recorded on request, and shown by runs show and runs compare', async () => {
  const directory = makeDirectory()
  const words = ['train', 'mlp', '--epochs', '2', ...quick, '--ranking-distance', 'dense1,dense3']
  expect((await laperm([...words, '--out', 'runs/one'], directory)).code).toBe(0)
  expect((await laperm([...words, '--every', '3steps', '--out', 'runs/two'], directory)).code).toBe(0)
  const shown = await laperm(['runs', 'show', 'runs/two'], directory)
  // 6 steps an epoch: at 3, 6, 9 and 12.
  expect(shown.stdout).toMatch(
    /Ranking distance, mean over the vectors' length\n {2}A {2}dense1\/kernel: mean \S+, SD \S+ of the vectors' length at step 12 \(4 measured\)/,
  )
  const compared = await laperm(['runs', 'compare', 'runs/one', 'runs/two'], directory)
  expect(compared.stdout).toMatch(/Ranking distance[^\n]*\nA {2}.*one.*, dense1\/kernel: .*\(2 measured\)/)
  const json = JSON.parse(
    (await laperm(['runs', 'compare', join('runs', 'one'), 'runs/two', '--json'], directory)).stdout,
  )
  expect(json.rankingDistances.map(({ parameter }: { readonly parameter: string }) => parameter)).toEqual([
    'dense1/kernel',
    'dense3/kernel',
    'dense1/kernel',
    'dense3/kernel',
  ])
})
