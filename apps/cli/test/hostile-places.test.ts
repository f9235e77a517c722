/** Places that a program is run in and cannot choose: full disks, read-only ones, users without a home. Real ones, so only as root on Linux. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { reportMissing } from '../../../test/devices/required.ts'
import { canMountTmpfs, mountTmpfs } from '../../../test/devices/tmpfs.ts'
import { laperm, makeDirectory } from './laperm-process.ts'
import { editSummary } from './run-files.ts'

const small =
  'mlp --dataset digits --limit 1000 --batch-size 50 --epochs 3 --sync-period 5 --threads 1 --quiet'.split(
    ' ',
  )
const results = ['metrics.jsonl', 'last.safetensors', 'best.safetensors']
const stack = /^\s+at .*(\.[cm]?[jt]s:\d|node:|<anonymous>)/m

describe.skipIf(!canMountTmpfs)('a disk', () => {
  // A checkpoint is 1.4 MB, weights 0.36 MB, and a new file stands beside the old one for a moment.
  test.each(['1m', '2m'])(
    'of %s that is full ends a run in words, and with room it goes on',
    async (size) => {
      const directory = makeDirectory()
      const disk = mountTmpfs(`size=${size}`)
      const run = join(disk.path, 'run')
      const words = ['train', ...small, '--checkpoint-seconds', '0']
      const { code, stderr } = await laperm([...words, '--out', run], directory)
      expect(code).toBe(1)
      expect(stderr).toMatch(
        /^laperm: .*\/run\/\w+\.\w+ could not be written: ENOSPC.* Make room there.* laperm train --resume .*\/run\n$/,
      )
      const said = /says that it failed/.test(stderr) ? 'failed' : 'running'
      const { status, error = '' } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'))
      expect(status).toBe(said)
      expect(error ?? '').not.toMatch(stack)
      disk.remount('size=40m')
      const resumed = await laperm(['train', '--resume', run, '--quiet'], directory)
      expect(resumed.stderr).not.toMatch(stack)
      expect(resumed.code).toBe(0)
      expect((await laperm(['train', ...small, '--out', 'whole'], directory)).code).toBe(0)
      for (const file of results)
        expect(readFileSync(join(run, file)).equals(readFileSync(join(directory, 'whole', file))), file).toBe(
          true,
        )
    },
  )

  test('that is full to the last byte leaves a summary that says running, and says so', async () => {
    const directory = makeDirectory()
    const disk = mountTmpfs('size=2m')
    const run = join(disk.path, 'run')
    expect((await laperm(['train', ...small, '--epochs', '1', '--out', run], directory)).code).toBe(0)
    // Back to a run under way, on a disk without a free page.
    editSummary(run, { status: 'running' })
    expect(() => writeFileSync(join(disk.path, 'filler'), Buffer.alloc(4 * 2 ** 20))).toThrow(/ENOSPC/)
    const { code, stderr } = await laperm(['train', '--resume', run, '--quiet'], directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(/ENOSPC/)
    expect(stderr).toMatch(/\/run/)
    expect(stderr).toMatch(/space|room/)
    expect(stderr).not.toMatch(stack)
    expect(JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')).status).toBe('running')
  })

  test.each(['run', 'deep/run'])('that is read-only is named as such, for %s', async (name) => {
    const directory = makeDirectory()
    const disk = mountTmpfs('size=1m,ro')
    const { code, stderr } = await laperm(['train', ...small, '--out', join(disk.path, name)], directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /a run's directory cannot be made here: EROFS.* Name a directory that can be written/,
    )
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

// Linux takes away a directory that somebody is in; Windows does not.
test.skipIf(process.platform === 'win32')(
  'a current directory that was removed is told as that',
  async () => {
    const directory = makeDirectory()
    const program = fileURLToPath(new URL('../bin/laperm.js', import.meta.url))
    const line = `mkdir gone && cd gone && rmdir ../gone && exec '${process.execPath}' '${program}' train f2`
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: directory, encoding: 'utf8' })
    expect(stderr).toMatch(/the current directory does not exist any more\. Change into one that does\./)
    expect(stderr).not.toMatch(stack)
    expect(status).toBe(1)
  },
)

const isRoot = process.getuid?.() === 0
if (!isRoot) reportMissing('root', 'a program is started as another user only by root')

describe.skipIf(!isRoot)('a user without a name and a home', () => {
  const program = fileURLToPath(new URL('../bin/laperm.js', import.meta.url))
  /** Run the program as that user in a directory that everybody may write. */
  const asNobody = (words: readonly string[], directory: string, home?: string) => {
    chmodSync(directory, 0o777)
    const { HOME: _home, XDG_CACHE_HOME: _xdg, LAPERM_CACHE_DIR: _cache, ...environment } = process.env
    const ended = spawnSync(process.execPath, [program, ...words], {
      cwd: directory,
      env: home === undefined ? environment : { ...environment, HOME: home },
      uid: 12345,
      gid: 12345,
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(ended.stderr).not.toMatch(stack)
    return ended
  }

  test('is told of a data directory that it may not search, and nothing is downloaded instead', () => {
    const directory = makeDirectory()
    for (const name of ['mnist', 'x']) mkdirSync(join(directory, 'data', name), { recursive: true })
    writeFileSync(join(directory, 'data', 'mnist', 'train-labels-idx1-ubyte'), 'x')
    const train = ['train', 'mlp', '--dataset', 'mnist', '--data-dir']
    const path = join(directory, 'data')
    // Without the right to search it, then with a folder in it that lacks it.
    chmodSync(path, 0o644)
    const closed = asNobody([...train, path], directory)
    expect(closed.status).toBe(1)
    expect(closed.stderr).toContain(
      `the data directory is ${path}, but it cannot be searched (EACCES: permission denied): give this user the right to read and to search it.`,
    )
    expect(asNobody([...train, join(path, 'x')], directory).stderr).toMatch(/EACCES: permission denied/)
    chmodSync(path, 0o755)
    chmodSync(join(path, 'mnist'), 0o644)
    const inner = asNobody([...train, path], directory)
    expect(inner.stderr).toMatch(
      /mnist.train-labels-idx1-ubyte\S* is closed to us \(EACCES: permission denied\)/,
    )
    expect(inner.stderr).toContain('give this user the right to read it, and to search its folder')
    const own = asNobody(['train', 'f1', '--dataset', join(path, 'mnist')], directory)
    expect(own.stderr).toMatch(/train-labels-idx1-ubyte is closed to us .*, but it must be readable/)
  })

  test.each([
    ['read-only', 'home'],
    ['missing', 'home/nowhere'],
  ])('gets an answer where its home is %s', (_, name) => {
    const directory = makeDirectory()
    mkdirSync(join(directory, 'home'), { mode: 0o555 })
    const home = join(directory, name)
    const small = 'train f2 --dataset digits --limit 200 --batch-size 50 --epochs 1 --threads 1 --out run'
    expect(asNobody(small.split(' '), directory, home).status).toBe(0)
    const download = asNobody(['train', 'mlp', '--dataset', 'mnist'], directory, home)
    expect(download.status).toBe(1)
    expect(download.stderr).toContain(home)
    expect(download.stderr).toMatch(/the cache directory is .*EACCES: permission denied.*LAPERM_CACHE_DIR/)
  })

  test.each([
    ['train f2 --dataset digits --limit 200 --batch-size 50 --epochs 1 --threads 1', 0],
    ['list', 0],
    ['doctor --offline', 0],
    ['train mlp --dataset mnist --offline', 1],
  ])('gets an answer from laperm %s', (words, code) => {
    const ended = asNobody(words.split(' '), makeDirectory())
    expect(ended.status, ended.stderr).toBe(code)
    if (code === 1) expect(ended.stderr).toMatch(/LAPERM_CACHE_DIR|LAPERM_DATA_DIR/)
  })
})
