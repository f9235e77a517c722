/** A flag that would change nothing, because of another flag or because of what the command is given, is a mistake that is said. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCaptured } from './captured-cli.ts'
import { laperm, makeDirectory } from './laperm-process.ts'
import { writeStripes } from './own-data.ts'

test.each([
  ['profile runs/x --theme dark', /--theme changes nothing without --svg or --png\./],
  ['profile runs/x --columns 2', /--columns changes nothing without --svg or --png\./],
  ['profile runs/x --force', /--force changes nothing without --svg or --png\./],
  ['profile runs/x --csv --json', /--csv means nothing with --json: results are printed in one form\./],
  ['trace runs/x --neuron 1', /--neuron changes nothing without --svg or --png\./],
  ['decompose runs/x --threads 1', /--threads changes nothing without --evaluate\./],
  ['decompose runs/x --force', /--force changes nothing without --out\./],
  ['runs compare runs/x runs/y --force', /--force changes nothing without --svg or --png\./],
  ['runs export --force', /--force changes nothing without --out\./],
  ['runs --csv --json', /--csv means nothing with --json/],
  ['pack x --initial-weights y --weights last', /--weights means nothing with --initial-weights/],
  ['sweep f2 --queue-prefix a', /--queue-prefix changes nothing without --queue\./],
  ['sweep f2 --queue redis://x --jobs 2', /--jobs means nothing with --queue: 'laperm worker' says how many/],
  ['sweep f2 --queue redis://x --checkpoint-seconds 2', /--checkpoint-seconds means nothing with --queue/],
  ['sweep f2 --queue redis://x --tensorboard', /--tensorboard means nothing with --queue/],
  ['reproduce fig3 --queue redis://x --jobs 2', /--jobs means nothing with --queue/],
  ['train f2 --augment flip --no-augment', /--augment and --no-augment contradict each other/],
  ['train f2 --no-augment --augment=flip', /--augment and --no-augment contradict each other/],
  ['train f2 --every 2steps', /--every is '2steps', but .* name the layers too, by --ranking-distance/],
  ['train f2 --data-dir .', /--data-dir is about data files, and LaPerm draws digits itself\..* mnist/],
  ['train f2 --accept-checksum', /--accept-checksum is about data files, and LaPerm draws digits itself/],
  ['sweep f2 --seed 1..2 --data-dir .', /--data-dir is about data files, and LaPerm draws digits itself/],
  ['evaluate x.laperm --weights last', /--weights chooses between those of a run, and x\.laperm is a file/],
])('%s', async (line, expected) => {
  const { code, err } = await runCaptured(line.split(' '))
  expect(err).toMatch(expected)
  expect(code).toBe(2)
})

test('flags about data files beside data of one’s own, of a run and of its weights', async () => {
  const directory = makeDirectory()
  const data = join(directory, 'stripes')
  writeStripes(data)
  const run = join(directory, 'run')
  const base = ['train', 'f2', '--dataset', data, '--epochs', '1', '--out', run]
  const refused = async (words: readonly string[], expected: RegExp): Promise<void> => {
    const { code, err } = await runCaptured(words)
    expect(err).toMatch(expected)
    expect(code).toBe(2)
  }
  await refused([...base, '--data-dir', directory], /--dataset already says where data of your own are/)
  await refused([...base, '--accept-checksum'], /data of your own have no published checksum/)
  const trained = await laperm(
    [...base, '--keep-weights', '2', '--ranking-distance', 'all', '--every', '9epochs'],
    directory,
  )
  expect(trained.code, trained.stderr).toBe(0)
  expect(trained.stderr).toMatch(/warning: --keep-weights 2 keeps nothing: the run has 1 epoch$/m)
  expect(trained.stderr).toMatch(/warning: .* ranks are measured after .*; no ranking distance is recorded/)
  await refused(['evaluate', run, '--accept-checksum'], /data of your own have no published checksum/)
  await refused(['profile', run, '--axes', 'keras'], /--axes is for another program's weights/)
  const again = await runCaptured([
    ...base,
    '--ranking-distance',
    'all',
    '--every',
    '9epochs',
    '--keep-weights',
    '1',
  ])
  expect(again.code, again.err).toBe(0)
  expect(again.err).toMatch(/--keep-weights kept nothing, because this run had finished before without it/)
})
