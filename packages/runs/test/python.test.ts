/** A run's weights, read by Python as the README says. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { reportMissing } from '../../../test/devices/required.ts'
import { encodeWeights, runFiles } from '../src/index.ts'
import { experimentOf, makeDirectory, runOf } from './fixture-runs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const installed = join(root, '.tensorboard')
const stamp = join(installed, 'ready')
const python =
  process.env['LAPERM_PYTHON'] ?? (existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n')[0] : 'python3')
const env = {
  ...process.env,
  PYTHONPATH: [installed, process.env['PYTHONPATH'] ?? ''].filter((path) => path !== '').join(':'),
}

const isThere = spawnSync(python, ['-c', 'import safetensors.numpy'], { env, stdio: 'ignore' }).status === 0
if (!isThere)
  reportMissing('safetensors', 'Python does not find it; `npm run setup:tensorboard` installs it too')

test.runIf(isThere)('Python reads the weights with the lines of the README, to the last bit', async () => {
  const [lines] = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```python\n(.*?)```/gs)]
  const { weights } = await runOf(experimentOf({ model: 'mlp', epochs: 1 }))
  const directory = makeDirectory()
  writeFileSync(join(directory, runFiles.last), encodeWeights(weights, 10))
  const all =
    'import json\nprint(json.dumps({n: v.ravel().view("uint32").tolist() for n, v in weights.items()}))'
  const out = execFileSync(python, ['-c', `${lines[1]}${all}`], {
    cwd: directory,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  const [shapes, bits] = out.trim().split('\n')
  expect(shapes).toContain("'dense1/kernel': (784, 100)")
  const read = JSON.parse(bits)
  expect(Object.keys(read).sort()).toEqual(weights.map(({ name }) => name).sort())
  for (const { name, values } of weights)
    expect(read[name], name).toEqual([...new Uint32Array(Float32Array.from(values).buffer)])
})
