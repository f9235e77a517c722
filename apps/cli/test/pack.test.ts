import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { reportMissing } from '../../../test/devices/required.ts'
import { runCapturedIn } from './captured-cli.ts'
import { makeDirectory } from './laperm-process.ts'

const words =
  '--dataset digits --limit 300 --batch-size 50 --epochs 2 --sync-period 2 --learning-rate 0.05 --threads 1 --quiet'.split(
    ' ',
  )

/** A small trained network in `run`, packed in `net.laperm`; what is said of its size. */
const pack = async (model: string, directory: string) => {
  const trained = await runCapturedIn(directory, ['train', model, ...words, '--out', 'run'])
  expect(trained.err).toBe('')
  const { code, out } = await runCapturedIn(directory, [
    'pack',
    'run',
    '--weights',
    'last',
    '--out',
    'net.laperm',
    '--json',
  ])
  expect(code).toBe(0)
  return JSON.parse(out)
}

let f1 = ''
beforeAll(async () => {
  f1 = mkdtempSync(join(tmpdir(), 'laperm-pack-'))
  await pack('f1', f1)
  return () => rmSync(f1, { recursive: true, force: true })
})

/** A directory with the packed F1, which a test may change, and the program in it. */
const packedF1 = () => {
  const directory = makeDirectory()
  cpSync(f1, directory, { recursive: true })
  return { directory, laperm: (words: readonly string[]) => runCapturedIn(directory, words) }
}

test('a packed run comes back bit for bit, at the logarithm of the number of orders', async () => {
  const directory = makeDirectory()
  const laperm = (words: readonly string[]) => runCapturedIn(directory, words)
  const size = await pack('f2', directory)
  expect(size).toMatchObject({ path: 'net.laperm', weights: 109_184, float32Bytes: 436_736 })
  const told = JSON.parse((await laperm(['info', 'net.laperm', '--json'])).out)
  expect(told.parameters).toHaveLength(3)
  for (const { coding, bytes, leastBytes } of told.parameters) {
    expect(coding).toBe('arrangement')
    expect(bytes).toBeLessThanOrEqual(leastBytes * 1.001 + 2)
  }
  expect(told.experiment).toMatchObject({ model: 'f2', seed: 1 })

  expect((await laperm(['unpack', 'net.laperm'])).code).toBe(0)
  const values = (file: string) => {
    const bytes = readFileSync(join(directory, file))
    return bytes.subarray(8 + Number(bytes.readBigUInt64LE()))
  }
  expect(values('net.safetensors').equals(values('run/last.safetensors'))).toBe(true)

  // Whatever is measured of the file is what was measured of the run.
  const ofFile = await laperm(['evaluate', 'net.laperm', '--json'])
  const ofRun = await laperm(['evaluate', 'run', '--weights', 'last', '--json'])
  const { file, weights, ...measured } = JSON.parse(ofFile.out)
  expect([file, weights]).toEqual(['net.laperm', 'packed'])
  expect(measured.isPermutation).toBe(true)
  expect(JSON.parse(ofRun.out)).toMatchObject(measured)

  const again = await laperm(['pack', 'run', '--out', 'net.laperm'])
  expect(again.code).toBe(2)
  expect(again.err).toMatch(
    /net\.laperm is there already\. Name another file with --out, or replace it with --force/,
  )
})

test('a name with a line break is one line, wherever it is printed', async () => {
  const { laperm } = packedF1()
  const name = 'two\nlines.laperm'
  const { code, out } = await laperm(['pack', 'run', '--out', name])
  expect(code).toBe(0)
  expect(out.split('\n')).toHaveLength(2)
  expect(out).toMatch(/^two\\u\{a\}lines\.laperm: /)
  expect((await laperm(['info', name])).out).toMatch(/^two\\u\{a\}lines\.laperm: f1 trained/)
  const again = await laperm(['pack', 'run', '--out', name])
  expect(again.err).toMatch(/^laperm: two\\u\{a\}lines\.laperm is there already\..*$/)
})

test('weights that are trained freely are in the file as they are', async () => {
  const directory = makeDirectory()
  await pack('mlp', directory)
  const { out } = await runCapturedIn(directory, ['info', 'net.laperm'])
  expect(out).toMatch(/dense1\/kernel +784 x 100 +arrangement/)
  expect(out).toMatch(/dense1\/bias +100 +(float32|arrangement)/)
})

test('a damaged file and one that is none are refused', async () => {
  const { directory, laperm } = packedF1()
  const path = join(directory, 'net.laperm')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0, 40, 41))
  const damaged = await laperm(['unpack', 'net.laperm'])
  expect(damaged.code).toBe(1)
  expect(damaged.err).toMatch(
    /net\.laperm: expected the SHA-256 of the file's first \d+ bytes at its end, found another/,
  )
  const none = await laperm(['info', 'run/config.json'])
  expect(none.code).toBe(1)
  expect(none.err).toMatch(/expected a \.laperm file/)
  expect(none.err).toMatch(/Name a \.laperm file, which laperm pack <run> writes/)
  expect((await laperm(['info', 'nowhere.laperm'])).err).toMatch(
    /nowhere\.laperm: there is no such file\. Name a \.laperm file/,
  )
  expect((await laperm(['info', 'run'])).err).toMatch(
    /run: this is a directory; laperm runs show run shows a run's\. Name a \.laperm file/,
  )
  expect((await laperm(['pack', 'run', '--out', 'net.safetensors'])).err).toMatch(
    /ends in \.safetensors, but \.laperm is written/,
  )
  expect((await laperm(['evaluate', 'run/last.safetensors'])).err).toMatch(
    /last\.safetensors holds weights and no model\. Name one, for example --model conv7 --dataset mnist\./,
  )
})

test('the reader in Python of docs/laperm-format.md reads it bit for bit', async () => {
  const python = spawnSync('python3', ['--version'])
  if (python.status !== 0) {
    reportMissing('python', 'no python3 was found')
    return
  }
  const { directory, laperm } = packedF1()
  await laperm(['unpack', 'net.laperm', '--out', 'trained.safetensors'])
  await laperm(['unpack', 'net.laperm', '--initial', '--out', 'initial.safetensors'])
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
