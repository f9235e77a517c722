/** `laperm runs show` and `compare` on runs that `laperm train` made. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf } from '@laperm/runs'
import { describe, expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'
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
