/** `laperm reproduce` interrupted and continued, with other numbers of jobs, and by a queue: always the same bits. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { hasRedis, startRedis } from '../../../test/devices/redis.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'

// Several processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

/** Hashes of what every run measured and of its tensors, by the run's name. */
const bitsOf = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => {
        const hash = createHash('sha256').update(readFileSync(join(directory, name, 'metrics.jsonl')))
        for (const file of ['last.safetensors', 'best.safetensors']) {
          const bytes = readFileSync(join(directory, name, file))
          // Its head may name the command; tensors follow.
          hash.update(bytes.subarray(8 + Number(bytes.readBigUInt64LE())))
        }
        return [name, hash.digest('hex')]
      }),
  )

test('a figure that is interrupted goes on where it was, with the bits of one that was not, whatever the jobs', async () => {
  const directory = makeDirectory()
  const words = ['reproduce', 'fig5', '--scale', 'smoke', '--offline', '--out']
  const whole = await laperm([...words, 'whole', '--jobs', '3'], directory)
  expect(whole.code, whole.stderr).toBe(0)
  const begun = start([...words, 'parts', '--jobs', '1'], directory)
  await until('the first of seven runs', () => /^\[1\//m.test(begun.said()))
  begun.child.kill('SIGINT')
  const interrupted = await begun.ended
  expect(interrupted.code, interrupted.stderr).toBe(130)
  expect(interrupted.stderr).toContain('the same command goes on with what is missing')
  const reported = await laperm(['report', 'parts', '--json'], directory)
  const [figure] = JSON.parse(reported.stdout).figures
  expect(figure.finished).toBeLessThan(7)
  expect(figure.differs.join()).toMatch(/of [67] runs (are not there|have not ended)/)
  const continued = await laperm([...words, 'parts', '--jobs', '1'], directory)
  expect(continued.code, continued.stderr).toBe(0)
  expect(continued.stdout).toContain('7 runs: 7 finished')
  expect(Object.keys(bitsOf(join(directory, 'whole')))).toHaveLength(7)
  expect(bitsOf(join(directory, 'parts'))).toEqual(bitsOf(join(directory, 'whole')))
})

test.runIf(hasRedis)(
  'workers of a queue train a figure in rounds, and a smaller k only after the larger',
  async () => {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    const directory = makeDirectory()
    const queue = ['--queue', server.url]
    const worker = start(['worker', '--concurrency', '1', '--runs', 'shared', ...queue], directory)
    const words = ['reproduce', 'fig9', '--scale', 'smoke', '--offline', '--out']
    const gone = worker.ended.then(({ stderr }) => Promise.reject(new Error(`the worker ended: ${stderr}`)))
    const shared = await Promise.race([laperm([...words, 'shared', ...queue], directory), gone])
    gone.catch(() => undefined)
    worker.child.kill('SIGINT')
    await worker.ended
    expect(shared.code, shared.stderr).toBe(0)
    expect(shared.stderr).toContain('of one worker like this one')
    expect(shared.stdout).toContain('4 runs: 0 finished, 4 diverged')
    const alone = await laperm([...words, 'alone'], directory)
    expect(alone.code, alone.stderr).toBe(0)
    expect(bitsOf(join(directory, 'alone'))).toEqual(bitsOf(join(directory, 'shared')))
  },
)
