/** Data of somebody's own, through the built program: what is taken for granted of them, what is warned of, and where they are found again. */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { writeStripes } from './own-data.ts'

const f1 = 'train f1 --dataset stripes --batch-size 50 --sync-period 4 --threads 1'.split(' ')

test.each([
  [true, [], 'none'],
  [false, [], 'unit'],
  [true, ['--normalize', 'standard'], 'standard'],
])('images with floats: %s, and flags %j, take normalization %s', async (floats, flags, normalization) => {
  const directory = makeDirectory()
  writeStripes(join(directory, 'stripes'), { floats })
  const words = [...f1, '--limit', '300', '--epochs', '1', ...flags, '--json']
  const { code, stdout, stderr } = await laperm(words, directory)
  expect(stderr).not.toMatch(/laperm:/)
  expect(code).toBe(0)
  const { runDirectory } = JSON.parse(stdout)
  const config = JSON.parse(readFileSync(join(runDirectory, 'config.json'), 'utf8'))
  expect(config.experiment.normalization).toBe(normalization)
  // Each once, although the data decide the experiment.
  expect(stderr.match(/^warning: .*$/gm)).toEqual([
    'warning: the limit is 300, but stripes has only 200 training examples; all are used',
    'warning: the network tells 10 classes apart, but stripes has only 3; its other outputs learn to stay away',
  ])
})

test('data that have moved are found by --data-dir, for resuming and for evaluating, and other data are refused', async () => {
  const directory = makeDirectory()
  writeStripes(join(directory, 'stripes'))
  const run = join(directory, 'run')
  const first = start([...f1, '--epochs', '4000', '--checkpoint-seconds', '0', '--out', run], directory)
  await until('a checkpoint and weights', () =>
    ['checkpoint', 'best'].every((name) => existsSync(join(run, `${name}.safetensors`))),
  )
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(130)
  mkdirSync(join(directory, 'archive'))
  const moved = join(directory, 'archive', 'stripes')
  renameSync(join(directory, 'stripes'), moved)

  const lost = await laperm(['evaluate', run], directory)
  expect(lost.stderr).toMatch(
    /There is no data set at \/.*\/stripes\..* trained on stripes; --data-dir names where that is now\./,
  )
  expect(lost.code).toBe(2)
  // The folder itself, or the one it is in.
  const scores = []
  for (const place of ['archive/stripes', 'archive']) {
    const { code, stdout, stderr } = await laperm(['evaluate', run, '--data-dir', place, '--json'], directory)
    expect(code, stderr).toBe(0)
    scores.push(JSON.parse(stdout).testAccuracy)
  }
  expect(scores[0]).toBe(scores[1])

  const others = join(directory, 'others')
  writeStripes(others, { brightness: 254 })
  const refused =
    /the training inputs and the test inputs of stripes are not those that this run was trained on/
  for (const command of [
    ['evaluate', run],
    ['train', '--resume', run],
  ]) {
    const { code, stderr } = await laperm([...command, '--data-dir', 'others'], directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(refused)
  }
  const resumed = start(['train', '--resume', run, '--data-dir', 'archive'], directory)
  await until(
    'it to go on',
    () => JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')).status === 'running',
  )
  resumed.child.kill('SIGTERM')
  const { code, stderr } = await resumed.ended
  expect(stderr).toMatch(/going on with .*run after step/)
  expect(code).toBe(130)
})
