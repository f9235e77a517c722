/**
 * A sweep on three machines, and everything that befalls them: processes killed at random moments, one machine stopped past its lease, Redis
 * started anew, the network to Redis cut. Every run ends once, to the bytes of a sweep on one machine. Short here; `npm run test:faults` has
 * 30 runs and a cut of a minute.
 */
import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeRandom } from '@laperm/core'
import { openRedisQueue, parseRedisUrl } from '@laperm/queue-redis'
import { either as E } from 'fp-ts'
import { expect, onTestFinished, test } from 'vitest'
import { canNameHosts } from '../../../test/devices/named-host.ts'
import { hasRedis, startRedis } from '../../../test/devices/redis.ts'
import { startProxy } from '../../../test/devices/tcp-proxy.ts'
import { faultRounds, faultSeed } from '../../../test/fault-rounds.ts'
import { saveMeasured } from '../../../test/save-measured.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { expectSameResults, stack, statusOf } from './run-files.ts'
import {
  bootMachine,
  filesWith,
  type Machine,
  runsIn,
  stampsOf,
  victims,
  type Work,
} from './sweep-machines.ts'

const isLong = faultRounds(1) >= 100
/** A lock of another machine that is not renewed for this long is free. */
const lockSeconds = 60
const { runs, leaseSeconds, cutSeconds, kills } = isLong
  ? { runs: 30, leaseSeconds: 20, cutSeconds: 60, kills: 10 }
  : { runs: 6, leaseSeconds: 5, cutSeconds: 10, kills: 2 }
/** How long a run lasts alone, so that all of it befalls runs that are under way, on whatever machine. */
const runSeconds = 7

const jumpingClock = fileURLToPath(new URL('../../../test/devices/jumping-clock.cjs', import.meta.url))
const settingsOf = (epochs: number, seeds: string): readonly string[] =>
  `sweep f1 --init he-uniform --sparsity 0 --limit 1000 --test-limit 300 --batch-size 25 --epochs ${epochs} --sync-period 7 --seed ${seeds}`.split(
    ' ',
  )

/** Epochs that take {@link runSeconds} here, as far as a run of a few tells. */
const epochsHere = async (directory: string): Promise<number> => {
  const few = 30
  const place = join(directory, 'measured')
  expect((await laperm([...settingsOf(few, '0'), '--out', place], directory)).code).toBe(0)
  const [run] = runsIn(place)
  const { trainSeconds } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as {
    readonly trainSeconds: number
  }
  return Math.min(3000, Math.max(few, Math.ceil((few * runSeconds) / trainSeconds)))
}

/** Of the files that are a run's results. */
const results = ['metrics.jsonl', 'last.safetensors', 'best.safetensors', 'summary.json']

/** Remembers each run as it was when it had just finished. */
const watchFinished = (parent: string): ReadonlyMap<string, unknown> => {
  const finished = new Map<string, unknown>()
  const look = (): void => {
    for (const run of runsIn(parent))
      if (!finished.has(run) && statusOf(run) === 'finished') finished.set(run, stampsOf(run, results))
  }
  const timer = setInterval(look, 50)
  onTestFinished(() => clearInterval(timer))
  return finished
}

/** A machine that is in a run which bears another lost lease. */
const working = async (machines: readonly Machine[]): Promise<readonly [Machine, Work]> => {
  let found: readonly [Machine, Work] | undefined
  const look = (): boolean => {
    for (const machine of machines) {
      const work = machine.work()
      if (work !== null && work.attempt <= 3) found = [machine, work]
    }
    return found !== undefined
  }
  await until('a machine to be in a run', look, 300)
  if (found === undefined) throw new Error('a machine was found')
  return found
}

const count = (text: string, what: RegExp): number => text.match(new RegExp(what, 'g'))?.length ?? 0

test.runIf(hasRedis && canNameHosts)(
  'a sweep of three machines ends every run once, bit for bit as one machine does, whatever befalls them',
  async () => {
    const random = makeRandom(faultSeed, 'queue', 0)
    const server = await startRedis()
    onTestFinished(() => server.stop())
    const proxy = await startProxy(server.port)
    onTestFinished(() => proxy.close())
    const directory = makeDirectory()
    const parent = join(directory, 'runs')
    const settings = settingsOf(await epochsHere(directory), `1..${runs}`)
    const environment = { LAPERM_QUEUE_PASSWORD: server.password }
    const queue = `--queue redis://127.0.0.1:${proxy.port} --lease-seconds ${leaseSeconds}`.split(' ')
    const finished = watchFinished(parent)

    const sweep = start([...settings, ...queue], directory, environment)
    const words = [...queue, '--concurrency', '1', '--checkpoint-seconds', '0']
    const clock = { NODE_OPTIONS: `--require ${jumpingClock}` }
    const machines = ['one', 'two', 'three'].map((name) =>
      bootMachine(name, words, directory, name === 'two' ? { ...environment, ...clock } : environment),
    )

    const killed = new Map(victims.map((victim) => [victim, 0]))
    const killOne = async (number: number): Promise<void> => {
      await pause(random.nextInt(isLong ? 4000 : 1000))
      const from = random.nextInt(3)
      const [machine] = await working([...machines.slice(from), ...machines.slice(0, from)].reverse())
      const victim = victims[number % victims.length]
      if (victim === undefined) throw new Error('there are three kinds of victims')
      await machine.kill(victim)
      killed.set(victim, (killed.get(victim) ?? 0) + 1)
      await pause(random.nextInt(2000))
      machine.boot()
    }
    for (let i = 0; i < kills / 2; i++) await killOne(i)

    // Longer than the lease: whoever is cut off from the queue must stop.
    await Promise.all(machines.map((machine) => working([machine])))
    const cutOff = machines.flatMap((machine) => machine.work() ?? [])
    proxy.hold()
    await pause(1000 * leaseSeconds + 2000)
    const atLease = cutOff.map((work) => stampsOf(work.run))
    await pause(1000 * (cutSeconds - leaseSeconds) - 2000)
    expect(cutOff.map((work) => stampsOf(work.run))).toEqual(atLease)
    expect(machines.flatMap((machine) => machine.work() ?? [])).toEqual([])
    proxy.mend()

    await working(machines)
    await server.stop()
    await pause(random.nextInt(1000 * Math.min(3, leaseSeconds / 2)))
    await server.start()
    for (let i = Math.ceil(kills / 2); i < kills; i++) await killOne(i)

    // Stopped until another machine has finished its run; then it goes on, and must write nothing.
    const [stopped, { run }] = await working(machines)
    stopped.stop()
    const stoppedAt = performance.now()
    // The lock is not renewed: in the short form its minute is over at once.
    const past = Date.now() / 1000 - lockSeconds - 1
    if (!isLong)
      for (const name of readdirSync(run).filter((name) => name.startsWith('.lock-')))
        utimesSync(join(run, name), past, past)
    await until(`another machine to finish ${run}`, () => statusOf(run) === 'finished', 400)
    await pause(500)
    const stoppedSeconds = (performance.now() - stoppedAt) / 1000
    const before = stampsOf(run)
    // What trains has no worker yet that would end it: only the lock tells.
    stopped.goOn('training process')
    await pause(2000)
    expect(stampsOf(run)).toEqual(before)
    stopped.goOn('worker')
    const lost = `run ${run.slice(-6)}: another worker has it now; nothing more is written here`
    await until(`${stopped.name} to notice`, () => stopped.said().includes(lost))
    await pause(500)
    expect(stampsOf(run)).toEqual(before)

    const { code, stdout, stderr } = await sweep.ended
    const said = machines.map((machine) => machine.said()).join('')
    const told = `${stderr}\n${said}`
    expect(told).not.toMatch(stack)
    expect(stdout, told).toContain(`${runs} runs: ${runs} finished`)
    expect(code).toBe(0)
    expect(await Promise.all(machines.map((machine) => machine.end()))).toEqual([130, 130, 130])
    for (const text of [told, stdout]) expect(text).not.toContain(server.password)
    expect(filesWith(directory, server.password)).toEqual([])

    const opened = await openRedisQueue({
      endpoint: E.getOrElseW((error) => {
        throw new Error(JSON.stringify(error))
      })(parseRedisUrl(server.url)),
      parseJob: () => E.left('none is taken'),
    })()
    if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
    onTestFinished(() => opened.right.close())
    expect(await opened.right.counts()).toEqual(E.right({ waiting: 0, active: 0, finished: runs, failed: 0 }))

    const alone = join(directory, 'alone')
    expect((await laperm([...settings, '--out', alone], directory)).code).toBe(0)
    expect(runsIn(parent)).toHaveLength(runs)
    expect(finished.size).toBe(runs)
    for (const path of runsIn(parent)) {
      expectSameResults(path, join(alone, basename(path)))
      // Nobody has written one of its results after it had finished.
      expect(stampsOf(path, results), path).toEqual(finished.get(path))
      expect(count(said, new RegExp(`run ${path.slice(-6)}: finished`)), path).toBeLessThanOrEqual(1)
    }

    const rows = [
      ['runs of the sweep, each finished once, to the bytes of a sweep on one machine', runs],
      ...victims.map((victim) => [`killed: a ${victim}`, killed.get(victim) ?? 0]),
      ['a machine stopped past its lease, seconds', Math.round(stoppedSeconds)],
      ['files of its run that it changed when it went on', 0],
      ['machines whose clock jumps two days, every second', 1],
      ['Redis started anew', 1],
      ['the network to Redis cut, seconds', cutSeconds],
      ['runs under way that were written to after the lease, while it was cut', 0],
      ['runs taken', count(said, /: taken/)],
      ['of these not for the first time', count(said, /: taken, attempt/)],
      ['machines that learned that they had lost a run', count(said, /another worker has it now/)],
    ]
    saveMeasured('faults', {
      name: 'faults of a queue',
      command: `LAPERM_SAVE=1 LAPERM_FAULT_ROUNDS=200 LAPERM_FAULT_SEED=${faultSeed} npx vitest run fault-queue`,
      table: ['| | |', '|---|---|', ...rows.map(([what, number]) => `| ${what} | ${number} |`)].join('\n'),
    })
  },
  isLong ? 2_400_000 : 600_000,
)
