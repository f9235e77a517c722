/** One writer a run, among real processes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { either as E } from 'fp-ts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { canNameHosts, onHost } from '../../../test/devices/named-host.ts'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { lockRun, type RunLock, readLockHolder, renderRunError } from '../src/index.ts'

// Up to forty processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 240_000 })

const holderProgram = fileURLToPath(new URL('lock-holder.mjs', import.meta.url))
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A process that tries for the lock and gives it back when it is told to, and says how that went. */
const startHolder = async (
  directory: string,
  before: readonly string[] = [],
  leaseMs = '60000',
  ...nodeWords: readonly string[]
) => {
  const [command = '', ...args] = [
    ...before,
    process.execPath,
    ...nodeWords,
    holderProgram,
    directory,
    leaseMs,
  ]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  expect(await next()).toBe('ready')
  return {
    child,
    ask: (what: 'lock' | 'release'): Promise<string> => {
      child.stdin.write(`${what}\n`)
      return next()
    },
    kill: async (): Promise<void> => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const take = async (directory: string): Promise<RunLock> => {
  const lock = await lockRun(directory)()
  if (E.isLeft(lock)) throw new Error(renderRunError(lock.left))
  return lock.right
}
const refusal = async (directory: string, leaseMs?: number): Promise<string> => {
  const lock = await lockRun(directory, leaseMs === undefined ? {} : { leaseMs })()
  return E.isLeft(lock) ? renderRunError(lock.left) : 'taken'
}

/** Null where the file was removed after it was listed. */
const textOrNull = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const folder = (): string => makeTemporaryFolder('laperm-lock-')

/** Imported before all else: the clock of the process is wrong by so much. */
const wrongClock = (byMs: number): string =>
  `data:text/javascript,${encodeURIComponent(
    `const Right = Date; globalThis.Date = class extends Right { constructor(...given) { given.length === 0 ? super(Right.now() + ${byMs}) : super(...given) } static now() { return Right.now() + ${byMs} } }`,
  )}`

describe('lockRun', () => {
  test('refuses a second holder and names the first: process, host, since when', async () => {
    const directory = folder()
    const lock = await take(directory)
    const text = await refusal(directory)
    expect(text).toContain(`process ${process.pid} on ${hostname()} has been writing into this run since 20`)
    expect(await readLockHolder(directory)).toMatchObject({ host: hostname(), pid: process.pid })
    await lock.release()
    expect(await readLockHolder(directory)).toBeNull()
    await (await take(directory)).release()
  })

  test('takes over from a process that was killed, at once', async () => {
    const directory = folder()
    const holder = await startHolder(directory)
    expect(await holder.ask('lock')).toBe('held')
    expect(await refusal(directory)).toContain(`process ${holder.child.pid} on`)
    await holder.kill()
    const lock = await take(directory)
    expect(await lock.isHeld()).toBe(true)
    await lock.release()
  })

  test('is not held by another process with the number of a dead one', async () => {
    const directory = folder()
    writeFileSync(
      join(directory, '.lock-3.json'),
      JSON.stringify({ host: hostname(), pid: process.pid, started: 'another boot', since: '2026-01-01' }),
    )
    expect(await refusal(directory)).toBe('taken')
  })

  test('respects a holder of another machine until its lease has run out', async () => {
    const directory = folder()
    const file = join(directory, '.lock-7.json')
    writeFileSync(file, JSON.stringify({ host: 'elsewhere', pid: 1, started: null, since: '2026-01-01' }))
    expect(await refusal(directory, 60_000)).toContain('process 1 on elsewhere')
    const old = new Date(Date.now() - 120_000)
    utimesSync(file, old, old)
    expect(await refusal(directory, 60_000)).toBe('taken')
  })

  test.runIf(canNameHosts)(
    'does not depend on the clocks of machines, only on that of the file system',
    async () => {
      const leaseMs = 1500
      const tryClock = async (byMs: number): Promise<void> => {
        const directory = folder()
        const holder = await startHolder(
          directory,
          onHost('elsewhere'),
          String(leaseMs),
          '--import',
          wrongClock(byMs),
        )
        expect(await holder.ask('lock')).toBe('held')
        // It renews its lock meanwhile, and its clock says another hour each time.
        await new Promise((resolve) => setTimeout(resolve, 2 * leaseMs))
        expect(await refusal(directory, leaseMs)).toContain('on elsewhere has been writing')
        await holder.kill()
        // Written in an hour to come, it would be held for as long.
        await new Promise((resolve) => setTimeout(resolve, 2 * leaseMs))
        expect(await refusal(directory, leaseMs)).toBe('taken')
      }
      await Promise.all([-3_600_000, 3_600_000].map(tryClock))
    },
  )

  test('a lock that is only half written counts as held, and as free once its lease has run out', async () => {
    const directory = folder()
    const file = join(directory, '.lock-1.json')
    writeFileSync(file, '{"host":')
    expect(await refusal(directory)).toContain('another process has just begun')
    const old = new Date(Date.now() - 120_000)
    utimesSync(file, old, old)
    expect(await refusal(directory)).toBe('taken')
  })

  test('a lock is whole whenever somebody looks, taken or given back', async () => {
    const directory = folder()
    let isOver = false
    const looking = (async () => {
      let seen = 0
      while (!isOver) {
        for (const name of readdirSync(directory).filter((each) => each.endsWith('.json'))) {
          const text = textOrNull(join(directory, name))
          if (text === null) continue
          expect(text).toMatch(/^\{.*\}\n$/)
          seen++
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
      return seen
    })()
    looking.catch(() => undefined)
    for (let round = 0; round < 200; round++) await (await take(directory)).release()
    isOver = true
    expect(await looking).toBeGreaterThan(200)
    expect(readdirSync(directory)).toHaveLength(1)
  })

  test('a holder notices that its lock was removed, and with it perhaps the run', async () => {
    const directory = folder()
    const lock = await take(directory)
    rmSync(directory, { recursive: true })
    expect(await lock.isHeld()).toBe(false)
    expect(renderRunError(await lock.whyLost())).toContain('the lock of the run was removed')
    await lock.release()
  })

  test('a holder notices that another one has followed it', async () => {
    const directory = folder()
    const lock = await take(directory)
    writeFileSync(join(directory, '.lock-2.json'), '{}')
    expect(await lock.isHeld()).toBe(false)
    expect(renderRunError(await lock.whyLost())).toContain('another process writes into this run now')
    await lock.release()
    // The follower's file is not touched.
    expect(readdirSync(directory)).toContain('.lock-2.json')
  })

  test('of four processes that follow a dead one together, five times, exactly one holds the lock', async () => {
    const directory = folder()
    for (let round = 0; round < 5; round++) {
      const holders = await Promise.all([1, 2, 3, 4].map(() => startHolder(directory)))
      const answers = await Promise.all(holders.map(({ ask }) => ask('lock')))
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(1)
      // Killed with the lock in hand: the next round follows a dead holder.
      await Promise.all(holders.map(({ kill }) => kill()))
    }
    expect(readdirSync(directory)).toHaveLength(1)
  })

  test('of four processes that follow one that has given it back, a hundred times, exactly one holds it', async () => {
    const directory = folder()
    const holders = await Promise.all([1, 2, 3, 4].map(() => startHolder(directory)))
    for (let round = 0; round < 100; round++) {
      const answers = await Promise.all(holders.map(({ ask }) => ask('lock')))
      const held = answers.indexOf('held')
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(1)
      expect(await holders[held].ask('release')).toBe('released')
    }
  })

  test('says that the directory is not there', async () => {
    expect(await refusal(join(folder(), 'none'))).toContain('there is no such')
  })
})
