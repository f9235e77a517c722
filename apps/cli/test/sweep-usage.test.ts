import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { runCaptured } from './captured-cli.ts'
import { laperm, makeDirectory } from './laperm-process.ts'

vi.setConfig({ testTimeout: 600_000 })

const quick = '--limit 200 --batch-size 50 --epochs 1'.split(' ')

test('seeds as the results name them are a sweep, with a table over them', async () => {
  const directory = makeDirectory()
  const words = ['sweep', 'f1,mlp', ...quick, '--seed', '1..2', '--name', 'both', '--out', 'here']
  const { code, stdout } = await laperm(words, directory)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^model +runs +test mean +min +max +best mean$/m)
  expect(stdout).toMatch(/^f1 +2 +\d+\.\d+%/m)
  expect(stdout).toMatch(/^mlp +2 +\d+\.\d+%/m)
  expect(stdout).toContain('here/sweep-both.csv, here/sweep-both.json')

  const [head, ...lines] = readFileSync(join(directory, 'here/sweep-both.csv'), 'utf8').trim().split('\n')
  expect(head?.split(',').slice(0, 3)).toEqual(['run', 'status', 'model'])
  expect(lines).toHaveLength(4)
  const { groups, runs } = JSON.parse(readFileSync(join(directory, 'here/sweep-both.json'), 'utf8'))
  const [one, two] = runs.map(({ testAccuracy }: { testAccuracy: number }) => testAccuracy)
  expect(groups[0]).toMatchObject({
    choice: { model: 'f1' },
    runs: 2,
    finished: 2,
    testAccuracy: { mean: (one + two) / 2, min: Math.min(one, two), max: Math.max(one, two) },
  })
  // A run of a sweep is a run like any other.
  const train = ['train', 'f1', ...quick, '--seed', '1', '--threads', '1', '--json', '--out']
  const trained = await laperm([...train, join('here', runs[0].run)], directory)
  expect(JSON.parse(trained.stdout)).toMatchObject({ alreadyFinished: true, testAccuracy: one })
})

test('a dry run shows every run and leaves nothing behind', async () => {
  const directory = makeDirectory()
  const { code, stdout } = await laperm(
    ['sweep', 'f1', ...quick, '--sync-period', '20,1000@5001;250', '--seed', '1..2', '--dry-run'],
    directory,
  )
  expect(code).toBe(0)
  expect(stdout).toMatch(/^sync-period +seed +steps +run +status$/m)
  expect(stdout).toMatch(/^20,1000@5001 +1 +4 +[0-9a-f]{6} +missing$/m)
  expect(stdout).toContain('4 runs: 0 finished, 4 to do. Nothing was trained.')
  expect(existsSync(join(directory, 'runs'))).toBe(false)
})

test('parts that contradict themselves are named before anything starts', async () => {
  const directory = makeDirectory()
  const { code, stderr } = await laperm(
    ['sweep', 'f1', ...quick, '--optimizer', 'laperm,adam', '--sync-period', '5,20'],
    directory,
  )
  expect(code).toBe(2)
  expect(stderr).toContain('parts of the sweep of 4 runs cannot be trained')
  expect(stderr).toMatch(/1 of them: --sync-period is .*takes none\. The first is f1 .*--optimizer adam/)
  // Only the data tell that a batch is larger than the set.
  const large = await laperm(
    [
      'sweep',
      'f1',
      '--limit',
      '200',
      '--batch-size',
      '50,200',
      '--dataset',
      'digits',
      '--init',
      'zeros,ones',
    ],
    directory,
  )
  expect(large.code).toBe(2)
  expect(large.stderr).toMatch(
    /2 of them: .*no permutation changes anything.* The first is init zeros, batch-size 50/,
  )
  expect(readdirSync(directory).filter((name) => name !== 'cache')).toEqual([])
})

test('runs that are the same are trained once, and said', async () => {
  const directory = makeDirectory()
  const { stdout, stderr } = await laperm(
    ['sweep', 'f1', ...quick, '--seed', '1,1,2', '--dry-run'],
    directory,
  )
  expect(stdout).toContain('2 runs: 0 finished, 2 to do')
  expect(stderr).toContain('1 run is named more than once and trained once, such as seed 1')
  // Engine wasm takes no number of threads.
  const threads = await laperm(
    ['sweep', 'f1', ...quick, '--engine', 'wasm', '--threads', '1,2', '--dry-run'],
    directory,
  )
  expect(threads.stdout).toContain('1 run: 0 finished, 1 to do')
  expect(threads.stderr).toContain('differs from another only in what changes no bit and is trained once')
})

test.each([
  [['f1', '--seed', '0..20000'], 'The sweep has 20,001 runs, more than 10,000. If that is meant, add --yes.'],
  [['f1', '--seed', '5..1'], "--seed is '5..1', but it must not end below its beginning."],
  [['f1', '--seed', '1..'], "--seed is '1..', but a range has two ends: write it as 1..5, or as"],
  [['f1', '--seed', '2,1-5'], "--seed is '1-5', but a range has two ends: write it as 1..5, or as"],
  [['redis://:hidden@host', '--seed', '1..2'], 'A model is no address. A queue is named behind --queue'],
  [['f1', '--seed', '1..2', '--queue', 'http://host'], 'begins with redis:// or rediss://, not http:'],
  [['f1', '--sync-period', '20,1000@5001'], 'write a semicolon between alternatives'],
  [['f1', '--seed', '1,,2'], 'each of its alternatives must say something'],
  [['f1', '--seed', '1,x'], "1 of them: --seed is 'x'"],
  [[], 'Which model?'],
  [['--file', 'none.json'], 'none.json: there is no such file'],
  [['f1', '--file', 'grid.json'], 'so --file takes no model (f1)'],
  [['--file', 'grid.json', '--seed', '2'], 'so --file takes no --seed'],
  [['--file', 'grid.json'], 'grid.json: grid.seed.to is "five", but it must be a number.'],
  [['nets', '--seed', '1..2'], "There is no model called 'nets'"],
])('laperm sweep %j is refused', async (words, message) => {
  const directory = makeDirectory()
  writeFileSync(
    join(directory, 'grid.json'),
    '{ "grid": { "model": "f1", "seed": { "from": 1, "to": "five" } } }',
  )
  const inDirectory = words.map((word) => (word === 'grid.json' ? join(directory, word) : word))
  const { code, err } = await runCaptured(['sweep', ...inDirectory])
  expect(err).toContain(message)
  expect(err).not.toContain('hidden')
  expect(code).toBe(2)
})

test('the sweeps of the documents are sweeps', async () => {
  const directory = makeDirectory()
  const page = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const [command] =
    /^npx laperm (sweep \w+ --sync-period .*?) +#/m.exec(page('../../../README.md'))?.slice(1) ?? []
  const flags = await laperm([...(command ?? '').split(' '), '--dry-run'], directory)
  expect(flags.stderr).toBe('')
  expect(flags.stdout).toContain('80 runs: 0 finished, 80 to do.')
  const [file = ''] = /```json\n([\s\S]*?)```/.exec(page('../README.md'))?.slice(1) ?? []
  writeFileSync(join(directory, 'sweep.json'), file)
  const read = await laperm(['sweep', '--file', 'sweep.json', '--dry-run'], directory)
  expect(read.stderr).toBe('')
  expect(read.stdout).toContain('20 runs: 0 finished, 20 to do.')
})

// Linux refuses directories there with ENOENT, although /proc is one.
test.runIf(existsSync('/proc/self'))(
  'a place where no directory can be made ends the sweep with a reason',
  async () => {
    const directory = makeDirectory()
    const { code, stderr } = await laperm(
      ['sweep', 'f1', ...quick, '--seed', '1..2', '--out', '/proc/x'],
      directory,
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/\/proc\/x: a run's directory cannot be made here.* Name a directory that can be/)
  },
)
