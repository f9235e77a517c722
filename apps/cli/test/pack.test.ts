import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { reportMissing } from '../../../test/devices/required.ts'
import { laperm, makeDirectory } from './laperm-process.ts'

const words =
  '--dataset digits --limit 300 --batch-size 50 --epochs 2 --sync-period 2 --learning-rate 0.05 --threads 1 --quiet'.split(
    ' ',
  )

/** A small trained network, packed. */
const packed = async (model: string, ...more: readonly string[]) => {
  const directory = makeDirectory()
  const trained = await laperm(['train', model, ...words, ...more, '--out', 'run'], directory)
  expect(trained.stderr).toBe('')
  const { code, stdout } = await laperm(
    ['pack', 'run', '--weights', 'last', '--out', 'net.laperm', '--json'],
    directory,
  )
  expect(code).toBe(0)
  return { directory, size: JSON.parse(stdout) }
}

test('a packed run comes back bit for bit, at the logarithm of the number of orders', async () => {
  const { directory, size } = await packed('f2')
  expect(size).toMatchObject({ path: 'net.laperm', weights: 109_184, float32Bytes: 436_736 })
  const told = JSON.parse((await laperm(['info', 'net.laperm', '--json'], directory)).stdout)
  expect(told.parameters).toHaveLength(3)
  for (const { coding, bytes, leastBytes } of told.parameters) {
    expect(coding).toBe('arrangement')
    expect(bytes).toBeLessThanOrEqual(leastBytes * 1.001 + 2)
  }
  expect(told.experiment).toMatchObject({ model: 'f2', seed: 1 })

  expect((await laperm(['unpack', 'net.laperm'], directory)).code).toBe(0)
  const values = (file: string) => {
    const bytes = readFileSync(join(directory, file))
    return bytes.subarray(8 + Number(bytes.readBigUInt64LE()))
  }
  expect(values('net.safetensors').equals(values('run/last.safetensors'))).toBe(true)

  // Whatever is measured of the file is what was measured of the run.
  const [ofFile, ofRun] = await Promise.all(
    [['net.laperm'], ['run', '--weights', 'last']].map((what) =>
      laperm(['evaluate', ...what, '--json'], directory),
    ),
  )
  const { file, weights, ...measured } = JSON.parse(ofFile?.stdout ?? '')
  expect([file, weights]).toEqual(['net.laperm', 'packed'])
  expect(measured.isPermutation).toBe(true)
  expect(JSON.parse(ofRun?.stdout ?? '')).toMatchObject(measured)

  const again = await laperm(['pack', 'run', '--out', 'net.laperm'], directory)
  expect(again.code).toBe(2)
  expect(again.stderr).toMatch(
    /net\.laperm is there already\. Name another file with --out, or replace it with --force/,
  )
})

test('a name with a line break is one line, wherever it is printed', async () => {
  const { directory } = await packed('f1')
  const name = 'two\nlines.laperm'
  const { code, stdout } = await laperm(['pack', 'run', '--out', name], directory)
  expect(code).toBe(0)
  expect(stdout.split('\n')).toHaveLength(3)
  expect(stdout).toMatch(/^two\\u\{a\}lines\.laperm: /)
  expect((await laperm(['info', name], directory)).stdout).toMatch(/^two\\u\{a\}lines\.laperm: f1 trained/)
  const again = await laperm(['pack', 'run', '--out', name], directory)
  expect(again.stderr).toMatch(/^laperm: two\\u\{a\}lines\.laperm is there already\..*\n$/)
})

test('weights that are trained freely are in the file as they are', async () => {
  const { directory } = await packed('mlp')
  const { stdout } = await laperm(['info', 'net.laperm'], directory)
  expect(stdout).toMatch(/dense1\/kernel +784 x 100 +arrangement/)
  expect(stdout).toMatch(/dense1\/bias +100 +(float32|arrangement)/)
})

test('a damaged file and one that is none are refused', async () => {
  const { directory } = await packed('f1')
  const path = join(directory, 'net.laperm')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0, 40, 41))
  const damaged = await laperm(['unpack', 'net.laperm'], directory)
  expect(damaged.code).toBe(1)
  expect(damaged.stderr).toMatch(
    /net\.laperm: expected the SHA-256 of the file's first \d+ bytes at its end, found another/,
  )
  const none = await laperm(['info', 'run/config.json'], directory)
  expect(none.code).toBe(1)
  expect(none.stderr).toMatch(/expected a \.laperm file/)
  expect(none.stderr).toMatch(/Name a \.laperm file, which laperm pack <run> writes/)
  expect((await laperm(['info', 'nowhere.laperm'], directory)).stderr).toMatch(
    /nowhere\.laperm: there is no such file\. Name a \.laperm file/,
  )
  expect((await laperm(['info', 'run'], directory)).stderr).toMatch(
    /run: this is a directory; laperm runs show run shows a run's\. Name a \.laperm file/,
  )
  expect((await laperm(['pack', 'run', '--out', 'net.safetensors'], directory)).stderr).toMatch(
    /ends in \.safetensors, but \.laperm is written/,
  )
  expect((await laperm(['evaluate', 'run/last.safetensors'], directory)).stderr).toMatch(
    /last\.safetensors holds weights and no model\. Name one, for example --model conv7 --dataset mnist\./,
  )
})

test('the reader in Python of docs/laperm-format.md reads it bit for bit', async () => {
  const python = spawnSync('python3', ['--version'])
  if (python.status !== 0) {
    reportMissing('python', 'no python3 was found')
    return
  }
  const { directory } = await packed('f1')
  await laperm(['unpack', 'net.laperm', '--out', 'trained.safetensors'], directory)
  await laperm(['unpack', 'net.laperm', '--initial', '--out', 'initial.safetensors'], directory)
  const page = readFileSync(fileURLToPath(new URL('../../../docs/laperm-format.md', import.meta.url)), 'utf8')
  const reader = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const check = `
trained, initial = read_safetensors("trained.safetensors"), read_safetensors("initial.safetensors")
read = read_laperm("net.laperm", initial)
assert {name: values.tobytes() for name, values in read.items()} == {name: values.tobytes() for name, values in trained.items()}
assert read["dense1/kernel"].tobytes() != initial["dense1/kernel"].tobytes()
print(len(read))
`
  const { stdout, stderr } = spawnSync('python3', ['-c', reader + check], {
    cwd: directory,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(stdout.trim()).toBe('1')
})
