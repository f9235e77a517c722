/** `laperm runs show` and `compare` on runs that `laperm train` made. */
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf } from '@laperm/runs'
import { describe, expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'
import { editSummary } from './run-files.ts'
import { quick, trainTwoRuns } from './two-runs.ts'

const made = trainTwoRuns()

describe('laperm runs show', () => {
  test('tells everything about a run', async () => {
    const { code, stdout, stderr } = await laperm(['runs', 'show', 'runs/one'], made.path())
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /finished, 2 of 2 epochs in \d+\.\d s; test accuracy \d+\.\d\d%, best \d+\.\d\d% in epoch \d/,
    )
    expect(stdout).toMatch(/^ {2}outer\.syncPeriod\.period +2$/m)
    expect(stdout).toMatch(/a permutation: (\d+) of \1 weight vectors hold exactly their initial weights/)
    expect(stdout).toMatch(/^ {2}metrics\.jsonl +\d+ B$/m)
    expect(stdout).toMatch(/laperm evaluate .*runs.one/)
  })

  test('prints nothing that is to be copied shortened, and no line to copy over 80 columns', async () => {
    const directory = makeDirectory()
    const train = ['train', 'f1', '--epochs', '1', '--test-limit', '50', '--checkpoint-seconds', '60']
    expect((await laperm([...train, ...quick], directory)).code).toBe(0)
    const [name = ''] = readdirSync(join(directory, 'runs'))
    const { stdout } = await laperm(['runs', 'show', join('runs', name)], directory)
    expect(stdout).toContain(`  laperm ${[...train, ...quick].join(' ')}\n`)
    expect(stdout).toMatch(/^ {2}f1 on digits \(first 300 training, 50 test examples\)$/m)
    const [, next = ''] = stdout.split('\nWhat next\n')
    expect(next).toContain(`    laperm evaluate ${join('runs', name)}\n`)
    for (const line of next.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('prints one JSON object with the epochs', async () => {
    const { stdout } = await laperm(['runs', 'show', 'runs/one', '--json'], made.path())
    const shown = JSON.parse(stdout)
    expect(shown).toMatchObject({ status: 'finished', config: { experiment: { seed: 1 } } })
    expect(shown.epochs).toHaveLength(2)
  })

  test('shows what there is of a damaged run, and refuses what is none', async () => {
    const directory = made.copy()
    truncateSync(join(directory, 'runs', 'one', 'config.json'), 100)
    const damaged = await laperm(['runs', 'show', 'runs/one'], directory)
    expect(damaged.code).toBe(0)
    expect(damaged.stdout).toMatch(/damaged: config\.json: expected JSON with/)
    rmSync(join(directory, 'runs', 'two', 'config.json'))
    rmSync(join(directory, 'runs', 'two', 'metrics.jsonl'))
    const none = await laperm(['runs', 'show', 'runs/two'], directory)
    expect(none.code).toBe(1)
    expect(none.stderr).toMatch(/this is no run: it has no config\.json of LaPerm/)
  })
})

describe('laperm runs compare', () => {
  test('shows only what differs, the accuracies, and the curves', async () => {
    const { code, stdout, stderr } = await laperm(['runs', 'compare', 'runs/one', 'runs/two'], made.path())
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^A +runs\/one +finished +2 +\d+\.\d\d% +\d+\.\d\d%$/m)
    expect(stdout).toMatch(/^outer\.syncPeriod\.period +2 +3$/m)
    expect(stdout).toMatch(/^seed +1 +2$/m)
    expect(stdout).toMatch(/^epochs +2 +1$/m)
    // What is the same in both, and what only says when a run was made.
    expect(stdout).not.toMatch(/batchSize|createdAt/)
    expect(stdout).toMatch(/\nTest accuracy of f1 on digits\n/)
  })

  test('shows hashes of data only where they are the difference, and short', async () => {
    const directory = made.copy()
    const path = join(directory, 'runs', 'two', 'config.json')
    const config = JSON.parse(readFileSync(path, 'utf8'))
    const edit = (experiment: object, fingerprint: object): void => {
      const data = { ...config.data, fingerprint: { ...config.data.fingerprint, ...fingerprint } }
      const edited = { ...config, experiment: { ...config.experiment, ...experiment }, data }
      const { bits } = config.environment
      const identity = identityOf({ experiment: edited.experiment, data: data.fingerprint, bits })
      writeFileSync(path, JSON.stringify({ ...edited, identity }))
    }
    const compare = async () => (await laperm(['runs', 'compare', 'runs/one', 'runs/two'], directory)).stdout
    edit({}, { trainInputs: '5'.repeat(64) })
    expect(await compare()).toMatch(/^content of trainInputs +[0-9a-f]{8} +55555555$/m)
    edit({ limit: 299 }, { trainInputs: '5'.repeat(64), testInputs: '6'.repeat(64) })
    const other = await compare()
    expect(other).toMatch(/^limit +300 +299$/m)
    expect(other).toMatch(/^content of testInputs +[0-9a-f]{8} +66666666$/m)
    expect(other).not.toContain('trainInputs')
  })

  test('writes the curves as a picture', async () => {
    const directory = made.copy()
    const words = ['runs', 'compare', 'runs/one', 'runs/two', '--svg', 'curves.svg', '--json']
    const { code, stdout } = await laperm(words, directory)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).differences).toMatchObject({ seed: [1, 2] })
    const svg = readFileSync(join(directory, 'curves.svg'), 'utf8')
    expect(svg).toMatch(/^<svg xmlns/)
    expect(svg.match(/class="s-hue[12]" [^>]*stroke-width="1.7"/g)).toHaveLength(2)
    expect((await laperm(words, directory)).stderr).toMatch(/curves\.svg is there already\..*--force/)
    expect((await laperm([...words, '--force'], directory)).code).toBe(0)
    const nowhere = await laperm([...words.slice(0, -2), 'none/curves.svg'], directory)
    expect(nowhere.code).toBe(2)
    expect(nowhere.stderr).toMatch(/--svg none\/curves\.svg cannot be written/)
  })

  test('says how many runs it takes', async () => {
    const { code, stderr } = await laperm(['runs', 'compare', 'runs/one'], made.path())
    expect(code).toBe(2)
    expect(stderr).toMatch(/takes 2 to 26 runs, not 1/)
    expect((await laperm(['runs', 'compare'], made.path())).stderr).toMatch(
      /'laperm runs compare' needs a <run>/,
    )
  })
})

describe('a run is named', () => {
  test('by what laperm runs calls it, too', async () => {
    const directory = made.path()
    const compared = await laperm(['runs', 'compare', 'one', 'two'], directory)
    expect(compared.code).toBe(0)
    expect(compared.stdout).toMatch(/^A +one +finished.*\nB +two +finished/m)
    expect((await laperm(['runs', 'show', 'one'], directory)).stdout).toContain(join('runs', 'one'))
    const rows = await laperm(['runs', 'export', 'two', '--format', 'json'], directory)
    expect(JSON.parse(rows.stdout)).toMatchObject([{ run: 'two', epoch: 1 }])
    // What is here goes before what is below runs.
    const changed = made.copy()
    cpSync(join(changed, 'runs', 'two'), join(changed, 'one'), { recursive: true })
    const shown = await laperm(['runs', 'show', 'one', '--json'], changed)
    expect(JSON.parse(shown.stdout)).toMatchObject({ config: { experiment: { seed: 2 } } })
    expect((await laperm(['runs', 'remove', 'two', '--yes'], changed)).code).toBe(0)
    expect(readdirSync(join(changed, 'runs'))).toEqual(['one'])
  })
})

describe('a finished run behind which something was changed', () => {
  test('is damaged by name: a digit of its metrics', async () => {
    const directory = made.copy()
    const path = join(directory, 'runs', 'one', 'metrics.jsonl')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(?<="accuracy":0\.\d)\d/, '0'))
    const said = /metrics\.jsonl: expected SHA-256 [0-9a-f]{64}, as summary\.json beside it says, found/
    const compared = await laperm(['runs', 'compare', 'one', 'two'], directory)
    expect(compared.stdout).toMatch(/^A +one +damaged/m)
    expect(compared.stdout).toMatch(said)
    expect((await laperm(['runs', 'show', 'one'], directory)).stdout).toMatch(said)
    const exported = await laperm(['runs', 'export'], directory)
    expect(exported.stderr).toMatch(/^left out: one: metrics\.jsonl: expected SHA-256/)
    expect(exported.stdout.trim().split('\n')).toHaveLength(2)
    const events = ['runs', 'export', 'one', '--format', 'tensorboard', '--out', 'events']
    const alone = await laperm(events, directory)
    expect(alone.code).toBe(2)
    expect(alone.stderr).toMatch(/There is nothing to export: 1 run found/)
  })

  test('is damaged by name: a digit of its summary', async () => {
    const directory = made.copy()
    const path = join(directory, 'runs', 'one', 'summary.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/("bestTestAccuracy": 0\.)\d/, '$19'))
    const said = /summary\.json: expected [0-9a-f]{16} as check, by its other fields, found/
    expect((await laperm(['runs'], directory)).stdout).toMatch(said)
    const evaluated = await laperm(['evaluate', 'one', '--threads', '1'], directory)
    expect(evaluated.code).toBe(0)
    expect(evaluated.stderr).toMatch(
      /warning: .*summary\.json cannot be read: nothing but their own checksum/,
    )
  })

  test('is damaged by name: weights of another run', async () => {
    const directory = made.copy()
    cpSync(
      join(directory, 'runs', 'two', 'best.safetensors'),
      join(directory, 'runs', 'one', 'best.safetensors'),
    )
    const said = /best\.safetensors: expected SHA-256 [0-9a-f]{64}, as summary\.json beside it says/
    const evaluated = await laperm(['evaluate', 'one'], directory)
    expect(evaluated.code).toBe(1)
    expect(evaluated.stderr).toMatch(said)
    expect((await laperm(['runs', 'show', 'one'], directory)).stdout).toMatch(said)
    const exported = await laperm(['runs', 'export', 'one', '--out', 'one.npz'], directory)
    expect(exported.stderr).toMatch(said)
    expect(exported.code).toBe(2)
  })
})

test('a run of an earlier LaPerm is read, and said to be unchecked', async () => {
  const directory = made.copy()
  editSummary(join(directory, 'runs', 'one'), {})
  const said = /^ *1 run unchecked: an earlier LaPerm wrote no check values/m
  for (const words of [['runs'], ['runs', 'compare', 'one', 'two'], ['runs', 'show', 'one']]) {
    const { code, stdout } = await laperm(words, directory)
    expect(code).toBe(0)
    expect(stdout).toMatch(said)
    expect(stdout).toContain('finished')
  }
  const exported = await laperm(['runs', 'export'], directory)
  expect(exported.stdout.trim().split('\n')).toHaveLength(4)
  expect(exported.stderr).toMatch(/^warning: 1 run unchecked/)
  const evaluated = await laperm(['evaluate', 'one', '--threads', '1'], directory)
  expect(evaluated.stderr).toMatch(/warning: an earlier LaPerm trained this run and wrote no check values/)
})
