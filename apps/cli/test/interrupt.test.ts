import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { editSummary } from './run-files.ts'

// Three whole processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

/** 960 steps: some seconds, with checkpoints as often as they are allowed. */
const long = [
  ...'train f1 --init he-uniform --sparsity 0 --dataset digits --limit 1000'.split(' '),
  ...'--batch-size 25 --epochs 24 --sync-period 7 --threads 1'.split(' '),
  ...'--checkpoint-seconds 0 --evaluate-inner --json'.split(' '),
]

const bytesOf = (run: string, file: string): string => readFileSync(join(run, file)).toString('base64')
const linesOf = (run: string): number => {
  const path = join(run, 'metrics.jsonl')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}
const statusOf = (run: string): string => JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')).status

/** Names of its files; a lock's number counts its holders. */
const filesOf = (run: string): readonly string[] =>
  readdirSync(run)
    .filter((name) => !name.startsWith('.lock-'))
    .sort()

const expectSameRun = (one: string, other: string): void => {
  expect(bytesOf(one, 'metrics.jsonl')).toBe(bytesOf(other, 'metrics.jsonl'))
  expect(bytesOf(one, 'last.safetensors')).toBe(bytesOf(other, 'last.safetensors'))
  expect(bytesOf(one, 'best.safetensors')).toBe(bytesOf(other, 'best.safetensors'))
}

test('a run that is killed twice goes on bit for bit as if it had been left alone', async () => {
  const directory = makeDirectory()
  const whole = join(directory, 'whole')
  const killed = join(directory, 'killed')
  expect((await laperm([...long, '--out', whole], directory)).code).toBe(0)

  const first = start([...long, '--out', killed], directory)
  await until(
    'a checkpoint',
    () => existsSync(join(killed, 'checkpoint.safetensors')) && linesOf(killed) >= 4,
  )
  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')
  expect(statusOf(killed)).toBe('running')
  // What a kill in the middle of a write leaves: half a line, and a temporary file.
  appendFileSync(join(killed, 'metrics.jsonl'), '{"epoch":')
  writeFileSync(join(killed, 'best.safetensors.4711.tmp'), 'half')

  const before = linesOf(killed)
  const second = start(['train', '--resume', killed, '--checkpoint-seconds', '0', '--json'], directory)
  await until('four more epochs', () => linesOf(killed) >= before + 4)
  second.child.kill('SIGKILL')
  expect((await second.ended).signal).toBe('SIGKILL')

  const third = await laperm(['train', '--resume', killed, '--json'], directory)
  expect(third.code).toBe(0)
  expect(JSON.parse(third.stdout)).toMatchObject({ status: 'finished', steps: 960, isPermutation: true })
  expectSameRun(whole, killed)
  expect(filesOf(killed)).toEqual(filesOf(whole))
})

test('Ctrl-C leaves an interrupted run with synchronized weights, which can be resumed', async () => {
  const directory = makeDirectory()
  const whole = join(directory, 'whole')
  const run = join(directory, 'run')
  // Augmented batches come from a thread that is ahead: the resumed one must begin at the right batch.
  const words = [...long.filter((word) => word !== '--json'), '--augment', 'rotation=10,shift=0.1,zoom=0.1']
  expect((await laperm([...words, '--out', whole], directory)).code).toBe(0)

  const { child, ended } = start([...words, '--out', run], directory)
  await until('a few epochs', () => linesOf(run) >= 3)
  child.kill('SIGINT')
  const { code, stderr, stdout } = await ended
  expect(code).toBe(130)
  expect(stderr).toMatch(/interrupted after step \d+; to go on: laperm train --resume/)
  // Not as if all of its epochs were over.
  expect(stdout).toMatch(/^ {2}[\d,]+ steps of a run of 24 epochs, [\d,]+ synchronizations/m)
  expect(stdout).toMatch(/proof: each of the 10 weight vectors holds exactly its initial weights/)
  expect(statusOf(run)).toBe('interrupted')

  expect((await laperm(['train', '--resume', run, '--json'], directory)).code).toBe(0)
  expectSameRun(whole, run)
})

test('a run interrupted before its first checkpoint starts over with the same result', async () => {
  const directory = makeDirectory()
  const short = 'train f1 --dataset digits --limit 500 --batch-size 50 --epochs 3 --threads 1'.split(' ')
  const whole = join(directory, 'whole')
  const run = join(directory, 'run')
  expect((await laperm([...short, '--out', whole, '--quiet'], directory)).code).toBe(0)
  expect((await laperm([...short, '--out', run, '--quiet'], directory)).code).toBe(0)
  // As a kill right after the start leaves it.
  editSummary(run, { status: 'running' })
  const { code, stderr } = await laperm(['train', '--resume', run], directory)
  expect(code).toBe(0)
  expect(stderr).toMatch(/starts over/)
  expectSameRun(whole, run)
})

test('a damaged checkpoint is refused, and nothing is overwritten', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const { child, ended } = start([...long, '--out', run], directory)
  await until('a checkpoint', () => existsSync(join(run, 'checkpoint.safetensors')) && linesOf(run) >= 2)
  child.kill('SIGKILL')
  await ended
  const checkpoint = readFileSync(join(run, 'checkpoint.safetensors'))
  checkpoint[checkpoint.length - 100] = (checkpoint[checkpoint.length - 100] ?? 0) ^ 1
  writeFileSync(join(run, 'checkpoint.safetensors'), checkpoint)
  const metrics = bytesOf(run, 'metrics.jsonl')
  const { code, stdout } = await laperm(['train', '--resume', run, '--json'], directory)
  expect(code).toBe(1)
  expect(JSON.parse(stdout).error).toMatchObject({ _tag: 'CorruptFile' })
  expect(JSON.parse(stdout).error.message).toMatch(/checkpoint\.safetensors: expected sha256/)
  expect(bytesOf(run, 'metrics.jsonl')).toBe(metrics)
})

test('an edited config.json, and a finished run whose summary is damaged, are refused with every byte kept', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const { child, ended } = start([...long, '--out', run], directory)
  await until('a checkpoint', () => existsSync(join(run, 'checkpoint.safetensors')) && linesOf(run) >= 2)
  child.kill('SIGINT')
  await ended
  const path = join(run, 'config.json')
  const config = readFileSync(path, 'utf8')
  writeFileSync(path, config.replace('"seed": 1', '"seed": 2'))
  const contents = () => filesOf(run).map((file) => bytesOf(run, file))
  const before = contents()
  const edited = await laperm(['train', '--resume', run], directory)
  expect(edited.code).toBe(1)
  expect(edited.stderr).toMatch(/config\.json: its identity is .*: the file was edited\. Put back/)
  expect(contents()).toEqual(before)

  writeFileSync(path, config)
  expect((await laperm(['train', '--resume', run, '--quiet'], directory)).code).toBe(0)
  writeFileSync(join(run, 'summary.json'), '{"status":')
  const finished = contents()
  const again = await laperm(['train', '--resume', run], directory)
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(/it has ended, so there is nothing to resume/)
  expect(contents()).toEqual(finished)
})

test('what is over cannot be resumed, and a resumed run keeps its settings', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const words = 'train f1 --dataset digits --limit 200 --epochs 1 --quiet --out run'.split(' ')
  expect((await laperm(words, directory)).code).toBe(0)
  const over = await laperm(['train', '--resume', run], directory)
  expect(over.code).toBe(1)
  expect(over.stderr).toMatch(/the run has finished, so there is nothing to resume/)
  const changed = await laperm(['train', '--resume', run, '--batch-size', '10'], directory)
  expect(changed.code).toBe(2)
  expect(changed.stderr).toMatch(/--resume takes no --batch-size/)
})

test('a file that cannot be written ends the run as failed, with the file named', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const { ended } = start([...long, '--out', run], directory)
  const checkpoint = join(run, 'checkpoint.safetensors')
  await until('a checkpoint to stand in the way of', () => {
    if (!existsSync(checkpoint)) return false
    rmSync(checkpoint)
    try {
      mkdirSync(join(checkpoint, 'in the way'), { recursive: true })
      return true
    } catch {
      return false
    }
  })
  const { code, stdout, stderr } = await ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/checkpoint\.safetensors.*The run's directory says that it failed/)
  expect(stderr).not.toMatch(/^ +at /m)
  expect(JSON.parse(stdout).error).toMatchObject({ _tag: 'RunFailed', exitCode: 1 })
  expect(statusOf(run)).toBe('failed')
})

test('a crash in native code is told by a witness: what was running, and how to go on', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const { child, ended } = start([...long, '--out', run], directory)
  await until('a few epochs', () => linesOf(run) >= 2)
  // What the system sends for a bad memory access; no JavaScript runs any more.
  child.kill('SIGSEGV')
  const { signal, stderr } = await ended
  expect(signal).toBe('SIGSEGV')
  expect(stderr).toMatch(
    /ended without a word .* while training f1 on digits with engine onnx, in epoch \d+ of 24/,
  )
  expect(stderr).toContain(`laperm train --resume ${run}`)
})

test('of two processes that resume one run at once one goes on, and the other says who does', async () => {
  const directory = makeDirectory()
  const whole = join(directory, 'whole')
  const run = join(directory, 'run')
  expect((await laperm([...long, '--out', whole], directory)).code).toBe(0)
  const first = start([...long, '--out', run], directory)
  await until('a checkpoint', () => existsSync(join(run, 'checkpoint.safetensors')) && linesOf(run) >= 4)
  // While the first one lives nobody else writes; it lives while it is stopped, and cannot end meanwhile.
  first.child.kill('SIGSTOP')
  const early = await laperm(['train', '--resume', run, '--json'], directory)
  expect(early.code).toBe(1)
  expect(JSON.parse(early.stdout).error.message).toContain(`process ${first.child.pid} on `)
  first.child.kill('SIGKILL')
  await first.ended

  const both = await Promise.all([1, 2].map(() => laperm(['train', '--resume', run, '--json'], directory)))
  expect(both.map(({ code }) => code).sort()).toEqual([0, 1])
  // The other one looks while the first one writes, or when it has already ended.
  expect(both.find(({ code }) => code === 1)?.stderr).toMatch(
    /has been writing into this run since|the run has finished, so there is nothing to resume/,
  )
  expectSameRun(whole, run)
})
