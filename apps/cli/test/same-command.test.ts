/** The same command given again, as real processes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { editSummary } from './run-files.ts'

vi.setConfig({ testTimeout: 600_000 })

const short = 'train f1 --dataset digits --limit 500 --batch-size 50 --epochs 2 --threads 1'.split(' ')
/** Some seconds, with checkpoints as often as they are allowed. */
const long = [
  ...'train f1 --init he-uniform --sparsity 0 --dataset digits --limit 1000 --batch-size 25'.split(' '),
  ...'--epochs 24 --sync-period 7 --threads 1 --checkpoint-seconds 0 --json'.split(' '),
]

const runsIn = (directory: string): readonly string[] => {
  const parent = join(directory, 'runs')
  return existsSync(parent)
    ? readdirSync(parent)
        .sort()
        .map((name) => join(parent, name))
    : []
}
const linesOf = (run: string | undefined): number => {
  const path = join(run ?? '', 'metrics.jsonl')
  return run !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}
const results = ['metrics.jsonl', 'last.safetensors', 'best.safetensors']
const bytesOf = (run: string | undefined): readonly string[] =>
  results.map((file) => readFileSync(join(run ?? '', file)).toString('base64'))

test('a finished run is shown, whatever is written differently in the command; --again trains it anew', async () => {
  const directory = makeDirectory()
  const first = await laperm([...short, '--json'], directory)
  const summary = JSON.parse(first.stdout)
  const again = await laperm([...short, '--json', '--checkpoint-seconds', '7', '--seed', '1'], directory)
  expect(again.code).toBe(0)
  expect(JSON.parse(again.stdout)).toEqual({ ...summary, alreadyFinished: true })
  expect(runsIn(directory)).toEqual([summary.runDirectory])

  const told = await laperm(short, directory)
  expect(told.code).toBe(0)
  expect(told.stdout).toMatch(
    /^This run had finished before; --again trains it anew\.\nf1 on digits \(first 500 training examples\), LaPerm/,
  )
  expect(told.stdout).toMatch(/proof: each of the 10 weight vectors holds exactly its initial weights/)

  const anew = JSON.parse((await laperm([...short, '--again', '--json'], directory)).stdout)
  expect(anew.alreadyFinished).toBeUndefined()
  expect(anew.runDirectory).toBe(`${summary.runDirectory}-2`)
  expect(bytesOf(anew.runDirectory)).toEqual(bytesOf(summary.runDirectory))
})

test('what a finished run does not give any more is said', async () => {
  const directory = makeDirectory()
  expect((await laperm([...short, '--quiet'], directory)).code).toBe(0)
  const told = await laperm([...short, '--tensorboard', '--keep-state', '--json'], directory)
  expect(told.code).toBe(0)
  const run = JSON.parse(told.stdout).runDirectory
  expect(told.stderr).toContain(`laperm runs export ${run} --format tensorboard --out events makes`)
  expect(told.stderr).toMatch(/--keep-state kept nothing, because this run had finished before without it/)
  const anew = await laperm([...short, '--tensorboard', '--keep-state', '--again', '--quiet'], directory)
  expect(anew.code).toBe(0)
  expect(existsSync(join(`${run}-2`, 'checkpoint.safetensors'))).toBe(true)
})

test('with --keep-state the same command with more epochs starts where the run ended, bit for bit', async () => {
  const directory = makeDirectory()
  const elsewhere = makeDirectory()
  const words = [...short, '--sync-period', '5']
  expect((await laperm([...words, '--keep-state'], directory)).code).toBe(0)
  const extended = await laperm([...words, '--epochs', '3', '--json'], directory)
  expect(extended.code).toBe(0)
  expect(extended.stderr).toMatch(/^starting from a finished run of fewer epochs, after step 20$/m)
  expect(extended.stderr).not.toMatch(/epoch [12]\/3/)
  const whole = await laperm([...words, '--epochs', '3', '--json'], elsewhere)
  expect(whole.code).toBe(0)
  expect(bytesOf(JSON.parse(extended.stdout).runDirectory)).toEqual(
    bytesOf(JSON.parse(whole.stdout).runDirectory),
  )
})

test('a run that was killed goes on, and ends as if it had been left alone', async () => {
  const directory = makeDirectory()
  const other = makeDirectory()
  expect((await laperm(long, other)).code).toBe(0)
  const { child, ended } = start(long, directory)
  await until('a few epochs', () => linesOf(runsIn(directory)[0]) >= 4)
  child.kill('SIGKILL')
  await ended
  const { code, stdout, stderr } = await laperm(long, directory)
  expect(code).toBe(0)
  expect(stderr).toMatch(/going on with .*f1-digits-laperm-k7-s1-[0-9a-f]{6} after step \d+/)
  expect(JSON.parse(stdout)).toMatchObject({ status: 'finished', steps: 960 })
  expect(runsIn(directory)).toHaveLength(1)
  expect(bytesOf(runsIn(directory)[0])).toEqual(bytesOf(runsIn(other)[0]))
})

test('while one trains, the other says who does and leaves it alone', async () => {
  const directory = makeDirectory()
  const one = start(long, directory)
  await until('a line of metrics', () => linesOf(runsIn(directory)[0]) >= 1)
  // It cannot end meanwhile.
  one.child.kill('SIGSTOP')
  const other = await laperm(long, directory)
  expect(other.code).toBe(1)
  expect(JSON.parse(other.stdout).error.message).toMatch(
    new RegExp(`process ${one.child.pid} on .* has been writing into this run since`),
  )
  one.child.kill('SIGCONT')
  expect((await one.ended).code).toBe(0)
  expect(runsIn(directory)).toHaveLength(1)
})

test('of two at once exactly one trains', async () => {
  const directory = makeDirectory()
  const ended = await Promise.all([start(long, directory).ended, start(long, directory).ended])
  // The other one comes while the first one writes, or when it has already ended.
  const trained = ended.filter(
    ({ code, stdout }) => code === 0 && JSON.parse(stdout).alreadyFinished !== true,
  )
  expect(trained).toHaveLength(1)
  expect(runsIn(directory)).toHaveLength(1)
})

test('a run that diverged, or failed, says so and how to try again', async () => {
  const directory = makeDirectory()
  const wild = [
    'train',
    'mlp',
    ...short.slice(2),
    '--inner-optimizer',
    'sgd',
    '--learning-rate',
    '1e30',
    '--quiet',
  ]
  expect((await laperm(wild, directory)).code).toBe(1)
  const again = await laperm(wild, directory)
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(
    /was trained before and diverged at step \d+, as it would again: .*Try a lower --learning-rate; --again/,
  )
  expect((await laperm([...short, '--quiet'], directory)).code).toBe(0)
  const run = runsIn(directory).find((path) =>
    readFileSync(join(path, 'summary.json'), 'utf8').includes('"finished"'),
  )
  editSummary(run ?? '', { status: 'failed', error: 'the engine died\n    at x.js:1' })
  const failed = await laperm([...short, '--json'], directory)
  expect(failed.code).toBe(1)
  const { error } = JSON.parse(failed.stdout)
  expect(error).toMatchObject({ _tag: 'RunEndedBadly', status: 'failed', runDirectory: run })
  expect(error.message).toMatch(
    /failed: .* \(the engine died\)\. To go on .* laperm train --resume .*--again/,
  )
  expect((await laperm([...short, '--again', '--quiet'], directory)).code).toBe(0)
  // Of two trainings the finished one is shown.
  expect(JSON.parse((await laperm([...short, '--json'], directory)).stdout)).toMatchObject({
    status: 'finished',
    runDirectory: `${run}-2`,
  })
})

test('a directory that is named keeps one run', async () => {
  const directory = makeDirectory()
  const named = [...short, '--out', 'mine', '--json']
  const first = JSON.parse((await laperm(named, directory)).stdout)
  expect(JSON.parse((await laperm(named, directory)).stdout)).toEqual({ ...first, alreadyFinished: true })
  const other = await laperm([...named, '--seed', '2', '--sync-period', '9'], directory)
  expect(other.code).toBe(1)
  expect(other.stderr).toMatch(
    /mine: another run is there: outer\.syncPeriod\.period is 250, but 9 was asked for; seed is 1, but 2 was asked for\. Name another/,
  )
  const anew = await laperm([...named, '--again'], directory)
  expect(anew.code).toBe(1)
  expect(anew.stderr).toMatch(/mine: this run is there already\. Name a new directory/)
  expect(bytesOf(join(directory, 'mine')).join()).toBe(bytesOf(first.runDirectory).join())
})
