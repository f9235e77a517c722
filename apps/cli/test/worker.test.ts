import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { freePort } from '../../../test/devices/redis.ts'
import { laperm, makeDirectory } from './laperm-process.ts'

// Several processes at once, perhaps on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

/** Runs of 240 steps, with checkpoints as often as they are allowed. */
const sixRuns =
  'sweep f1 --init he-uniform --sparsity 0 --limit 1000 --batch-size 25 --epochs 6 --seed 1..6 --checkpoint-seconds 0'.split(
    ' ',
  )
describe('without --queue', () => {
  const environment = {
    NODE_OPTIONS: `--require ${fileURLToPath(new URL('loaded-modules.cjs', import.meta.url))}`,
  }

  test('nothing of Redis is loaded', async () => {
    const { stderr } = await laperm([...sixRuns, '--dry-run'], makeDirectory(), environment)
    expect(stderr).toMatch(/^loaded: nothing$/m)
    expect(stderr).not.toMatch(/loaded: \w*(bullmq|ioredis)/)
  })

  test('a worker says what it needs; with one that does not answer it says so, and no password', async () => {
    const none = await laperm(['worker'], makeDirectory(), environment)
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/needs a queue to take runs from: --queue redis:\/\/host:6379/)
    const url = `redis://:hidden@127.0.0.1:${await freePort()}`
    const unreachable = await laperm(['worker', '--queue', url], makeDirectory(), environment)
    expect(unreachable.code).toBe(1)
    expect(unreachable.stderr).toMatch(/nothing listens there .*Start Redis/)
    expect(unreachable.stderr).toMatch(/loaded: bullmq ioredis/)
    expect(unreachable.stderr).not.toMatch(/hidden/)
  })
})
