/** `laperm runs show` and `compare` on runs that `laperm train` made. */
import { readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { laperm } from './laperm-process.ts'
import { trainTwoRuns } from './two-runs.ts'

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

  test('writes the curves as a picture', async () => {
    const directory = made.copy()
    const words = ['runs', 'compare', 'runs/one', 'runs/two', '--svg', 'curves.svg', '--json']
    const { code, stdout } = await laperm(words, directory)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).differences).toMatchObject({ seed: [1, 2] })
    const svg = readFileSync(join(directory, 'curves.svg'), 'utf8')
    expect(svg).toMatch(/^<svg xmlns/)
    expect(svg.match(/<polyline /g)).toHaveLength(2)
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
