import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'
import { quick } from './two-runs.ts'

test('a run is traced from its initial weights, over the epochs that it kept, and drawn', async () => {
  const directory = makeDirectory()
  const words = ['train', 'mlp', ...quick, '--epochs', '5', '--sync-period', '2', '--sparsity', '0.5']
  const run = await laperm([...words, '--keep-weights', '2', '--out', 'run', '--json'], directory)
  const { movedWeights } = JSON.parse(run.stdout)
  const traced = await laperm(
    ['trace', 'run', '--json', '--svg', 'a.svg', '--png', 'a.png', '--quiet'],
    directory,
  )
  expect(traced.code).toBe(0)
  const { states, pictures } = JSON.parse(traced.stdout)
  expect(states.map(({ epoch }: { readonly epoch: number | null }) => epoch)).toEqual([2, 4, null])
  const { layers } = states[2]
  const sumOf = (name: string): number =>
    layers.reduce((sum: number, layer: Record<string, number>) => sum + (layer[name] ?? 0), 0)
  expect(sumOf('moved')).toBe(movedWeights)
  expect(sumOf('zeroToNonZero')).toBeGreaterThan(0)
  expect(sumOf('zeroToNonZero')).toBe(sumOf('nonZeroToZero'))
  expect(pictures).toEqual(['a.svg', 'a.png'])
  expect(readFileSync(join(directory, 'a.svg'), 'utf8')).toMatch(
    /^<svg [\s\S]*After training[\s\S]*<\/svg>\n$/,
  )
  // The signature of PNG, then the header with a width of twice 720.
  const png = readFileSync(join(directory, 'a.png'))
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
  expect(png.readUInt32BE(16)).toBe(1440)
  // Kept weights are the run's own files: they go with it.
  await laperm(['runs', 'remove', 'run', '--yes'], directory)
  expect((await laperm(['trace', 'run'], directory)).stderr).toMatch(/there is no such file/)
  expect(existsSync(join(directory, 'run'))).toBe(false)
})

test('what is no layer and no neuron is told', async () => {
  const directory = makeDirectory()
  await laperm(['train', 'f2', ...quick, '--epochs', '1', '--sync-period', '2', '--out', 'run'], directory)
  const layer = await laperm(['trace', 'run', '--layer', 'dense9'], directory)
  expect(layer.code).toBe(2)
  expect(layer.stderr).toMatch(/There is no layer called 'dense9'/)
  const neuron = await laperm(['trace', 'run', '--neuron', '128', '--svg', 'trace.svg'], directory)
  expect(neuron.stderr).toMatch(/--neuron is 128, but dense1\/kernel has 128 neurons, from 0 to 127/)
})
