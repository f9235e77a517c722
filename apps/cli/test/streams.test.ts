/** A reader or a terminal that goes away takes nothing with it; what cannot be written is said in words. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { barFormat } from '../src/progress.ts'
import { isWatched } from '../src/terminal.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'

const short = 'train f1 --dataset digits --limit 500 --batch-size 50 --epochs 3 --threads 1'.split(' ')
const long = 'train f1 --dataset digits --limit 1000 --batch-size 25 --epochs 400 --threads 1'.split(' ')
const statusOf = (run: string): string => JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')).status

test('training goes on to its end when nobody reads its progress any more', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  const { child, ended } = start([...short, '--out', run], directory)
  // As `2>&1 | head -1` does it: both streams go after the first line.
  child.stderr?.once('data', () => {
    child.stderr?.destroy()
    child.stdout?.destroy()
  })
  expect(await ended).toMatchObject({ code: 0, signal: null })
  expect(statusOf(run)).toBe('finished')
})

test.each(['list', '--help', 'train --help', 'list --json'])(
  'laperm %s ends quietly when its reader has gone',
  async (line) => {
    const { child, ended } = start(line.split(' '), makeDirectory())
    child.stdout?.destroy()
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  },
)

test.skipIf(!existsSync('/dev/full'))('a full disk behind standard output is said in words', async () => {
  const program = fileURLToPath(new URL('../bin/laperm.js', import.meta.url))
  const child = spawn('sh', ['-c', `"$0" "$1" list >/dev/full`, process.execPath, program])
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code).toBe(1)
  expect(stderr).toMatch(/^laperm: standard output cannot be written: .*no space left.*Free some space/)
  expect(stderr.trimEnd().split('\n').length).toBe(1)
})

test.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
  '%s ends a run with a checkpoint, as Ctrl-C does',
  async (signal) => {
    const directory = makeDirectory()
    const run = join(directory, 'run with a space')
    const { child, ended } = start([...long, '--out', run], directory)
    await until(
      'an epoch',
      () => existsSync(join(run, 'metrics.jsonl')) && readFileSync(join(run, 'metrics.jsonl')).length > 0,
    )
    child.kill(signal)
    // A session that closes sends another one; it changes nothing.
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(statusOf(run)).toBe('interrupted')
    expect(existsSync(join(run, 'checkpoint.safetensors'))).toBe(true)
    expect(stderr).toMatch(/laperm train --resume '[^']*run with a space'$/m)
  },
)

test('no text of a file reaches the terminal as it is, nor whole when it is long', async () => {
  const directory = makeDirectory()
  const run = join(directory, 'run')
  mkdirSync(run)
  const hostile = `\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e${'x'.repeat(3_000_000)}`
  writeFileSync(join(run, 'config.json'), JSON.stringify({ format: hostile }))
  for (const words of [
    ['evaluate', run],
    ['evaluate', run, '--json'],
    ['train', hostile.slice(0, 5000)],
  ]) {
    const { code, stdout, stderr } = await laperm(words, directory)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/\\u\{1b\}\]0;owned\\u\{7\}\\u\{1b\}\[2J\\u\{9b\}31m\\u\{202e\}/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stderr + stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(stderr.length + stdout.length).toBeLessThan(10_000)
  }
})

test('a terminal that cannot move its cursor gets lines, and a narrow one a loss', () => {
  expect(isWatched({ isTTY: true }, { TERM: 'xterm' })).toBe(true)
  expect(isWatched({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
  expect(isWatched({}, { TERM: 'xterm' })).toBe(false)
  const longest = {
    bar: 'x'.repeat(24),
    epoch: '200',
    epochs: '200',
    percentage: '100',
    loss: '12.3456',
    accuracy: '100.00%',
    syncs: '300,000',
    left: '23 h 59 min',
  }
  for (const columns of [40, 72, 80, 100, 200]) {
    const format = barFormat(columns)
    const shown = Object.entries(longest).reduce(
      (line, [name, text]) => line.replace(`{${name}}`, text),
      format,
    )
    expect(shown, String(columns)).toMatch(/loss 12/)
    if (columns < 100) expect(shown.length, String(columns)).toBeLessThanOrEqual(columns)
  }
})
