/** `laperm runs` on runs that `laperm train` made. */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { quick, trainTwoRuns } from './two-runs.ts'

const made = trainTwoRuns()

describe('laperm runs', () => {
  test('shows each run in a line', async () => {
    const { code, stdout, stderr } = await laperm(['runs'], made.path())
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^name +status +model +data +optimizer +k +seed +epochs +best +last +age +size$/)
    expect(lines[1]).toMatch(
      /^two +finished +f1 +digits +laperm +3 +2 +1\/1 +\d+\.\d\d% +\d+\.\d\d% +\d+ \w+ +\d+\.\d kB$/,
    )
    expect(lines[2]).toMatch(/^one +finished +f1 +digits +laperm +2 +1 +2\/2 /)
    expect(stdout).toMatch(/\n2 runs\n$/)
  })

  test('filters and sorts by any setting', async () => {
    const namesOf = async (words: readonly string[]) =>
      JSON.parse((await laperm(['runs', ...words, '--json'], made.path())).stdout).runs.map(
        ({ name }: { readonly name: string }) => name,
      )
    expect(await namesOf(['--where', 'sync-period=2'])).toEqual(['one'])
    expect(
      await namesOf(['--model', 'f1', '--where', 'seed=0..4', '--where', 'outer.syncPeriod.period>2']),
    ).toEqual(['two'])
    expect(await namesOf(['--sort', 'seed', '--order', 'desc', '--limit', '1'])).toEqual(['two'])
    expect(await namesOf(['--status', 'running'])).toEqual([])
  })

  test('says which field there is none of, and which is near', async () => {
    const { code, stderr } = await laperm(['runs', '--where', 'sede=1'], made.path())
    expect(code).toBe(2)
    expect(stderr).toMatch(/no field of a run called 'sede'. Did you mean 'seed'/)
    const malformed = await laperm(['runs', '--where', 'seed'], made.path())
    expect(malformed.stderr).toMatch(/--where is 'seed', but it must be a field, one of/)
  })

  test('prints CSV that has every setting', async () => {
    const { stdout } = await laperm(['runs', '--csv', '--sort', 'seed'], made.path())
    const [header = '', first = ''] = stdout.split('\n')
    const column = header.split(',').indexOf('outer.syncPeriod.period')
    expect(first.split(',')[column]).toBe('2')
  })

  test('knows a run that is alive, and one that was killed', async () => {
    const directory = makeDirectory()
    const { child, ended } = start(
      ['train', 'f1', '--epochs', '100000', '--out', 'runs/long', ...quick],
      directory,
    )
    const statusOf = async () => JSON.parse((await laperm(['runs', '--json'], directory)).stdout).runs[0]
    await until('the run', () => existsSync(join(directory, 'runs', 'long', 'metrics.jsonl')))
    expect(await statusOf()).toMatchObject({ status: 'running', holder: { pid: child.pid } })
    expect((await laperm(['runs'], directory)).stdout).toContain(`running (${child.pid}, `)
    child.kill('SIGKILL')
    await ended
    expect(await statusOf()).toMatchObject({ status: 'killed', holder: null })
  })

  test('lists a damaged run with the reason, and escapes its name', async () => {
    const directory = made.copy()
    const name = 'bad\u001b]0;title\u0007'
    renameSync(join(directory, 'runs', 'one'), join(directory, 'runs', name))
    writeFileSync(join(directory, 'runs', name, 'config.json'), '{"format":"laperm-run/')
    const { code, stdout } = await laperm(['runs'], directory)
    expect(code).toBe(0)
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toMatch(/^bad\\u\{1b\}\]0;title\\u\{7\} +damaged +- /m)
    expect(stdout).toMatch(/\nbad\\u\{1b\}\]0;title\\u\{7\}: config.json: expected JSON with/)
  })

  test('says what to do where there are no runs', async () => {
    const directory = makeDirectory()
    expect(await laperm(['runs'], directory)).toMatchObject({
      code: 0,
      stdout: 'no runs below runs; to make one: laperm train f2\n',
    })
    expect((await laperm(['runs', 'nowhere'], directory)).code).toBe(1)
  })
})
