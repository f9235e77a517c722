/** A network and data of somebody's own, through the built program. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'
import { writeStripes } from './own-data.ts'

const network = {
  name: 'mine',
  inputShape: [28, 28, 1],
  layers: [
    { kind: 'flatten' },
    { kind: 'dense', units: 16 },
    { kind: 'relu' },
    { kind: 'dense', units: 10 },
    { kind: 'softmax' },
  ],
}
const small = '--limit 300 --batch-size 50 --epochs 2 --sync-period 4 --threads 1'.split(' ')

test('a network from a JSON file is trained on data from a folder, evaluated, and named by both', async () => {
  const directory = makeDirectory()
  writeFileSync(join(directory, 'my-network.json'), JSON.stringify(network))
  writeStripes(join(directory, 'stripes'))
  const words = ['train', 'my-network.json', '--dataset', 'stripes', ...small, '--json']
  const { code, stdout, stderr } = await laperm(words, directory)
  expect(stderr).not.toMatch(/laperm:/)
  expect(code).toBe(0)
  const summary = JSON.parse(stdout)
  expect(summary).toMatchObject({ model: 'mine', dataset: 'stripes', isPermutation: true, steps: 8 })
  expect(summary.runDirectory).toMatch(/mine-stripes-laperm-k4-s1-/)
  const config = JSON.parse(readFileSync(join(summary.runDirectory, 'config.json'), 'utf8'))
  expect(config.experiment.model.layers).toHaveLength(5)
  expect(config.data.folder).toBe(join(directory, 'stripes'))
  // From the run alone: the network and the folder stand in its config.json.
  const evaluated = await laperm(['evaluate', summary.runDirectory, '--weights', 'last', '--json'], directory)
  expect(JSON.parse(evaluated.stdout)).toMatchObject({
    model: 'mine',
    dataset: 'stripes',
    testAccuracy: summary.testAccuracy,
    isPermutation: true,
  })
})

test.each([
  ['no.json', null, /^laperm: no\.json: there is no such file/],
  ['./dir', 'directory', /\.\/dir: this is no file/],
  [
    'text.json',
    '{"name":',
    /text\.json: its JSON cannot be read: expected a JSON value, found its end at character 8/,
  ],
  [
    'deep.json',
    '['.repeat(200_000),
    /deep\.json: its JSON cannot be read: expected at most 100 levels of JSON/,
  ],
  [
    'twice.json',
    JSON.stringify(network).replace('"units":16', '"units":16,"units":8'),
    /twice\.json: its JSON cannot be read: expected each key once, but "units" comes again/,
  ],
  ['big.json', ' '.repeat(5_000_000), /big\.json: it has 5000000 bytes/],
  [
    'unknown.json',
    JSON.stringify({ ...network, layers: [{ kind: 'danse', units: 3 }] }),
    /unknown\.json: .*layers\[0\].*danse.*dense/,
  ],
  [
    'units.json',
    JSON.stringify({ ...network, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 0 }] }),
    /units\.json: .*layers\[1\]\.units.*0/,
  ],
])('%s is refused with its file, its path and its rule', async (name, content, message) => {
  const directory = makeDirectory()
  if (content === 'directory') mkdirSync(join(directory, name))
  else if (content !== null) writeFileSync(join(directory, name), content)
  const { code, stderr } = await laperm(['train', name, '--dataset', 'digits'], directory)
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(code).toBe(2)
  expect(existsSync(join(directory, 'runs'))).toBe(false)
})

test('a folder that holds no data is said to', async () => {
  const directory = makeDirectory()
  mkdirSync(join(directory, 'empty'))
  const { code, stderr } = await laperm(['train', 'mlp', '--dataset', 'empty'], directory)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^laperm: .*empty/)
  expect(stderr).not.toMatch(/\bat .*\.js:/)
})

test('a network that the engine refuses leaves no run directory behind', async () => {
  const directory = makeDirectory()
  const headless = { ...network, layers: network.layers.slice(0, -1) }
  writeFileSync(join(directory, 'headless.json'), JSON.stringify(headless))
  const { code, stderr } = await laperm(['train', 'headless.json', ...small], directory)
  expect(code).toBe(2)
  expect(stderr).toContain('softmax')
  expect(existsSync(join(directory, 'runs'))).toBe(false)
})
