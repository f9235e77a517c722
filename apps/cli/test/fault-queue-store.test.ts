/**
 * Machines that share a queue and a store, and no directory: a run whose machine dies goes on elsewhere from the store's checkpoint; one whose workers die
 * each time has failed in the store, too, and goes on when it is asked to. In `npm run test:faults` alone: who dies holds a run in a store for a minute.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { openDirectoryStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { canNameHosts } from '../../../test/devices/named-host.ts'
import { hasRedis, startRedis } from '../../../test/devices/redis.ts'
import { hasS3, startS3 } from '../../../test/devices/s3.ts'
import { faultRounds } from '../../../test/fault-rounds.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { expectSameResults, linesOf } from './run-files.ts'
import { bootMachine, runsIn } from './sweep-machines.ts'

// Several processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 1_800_000 })

const isLong = faultRounds(1) >= 100
const sweepWords =
  'sweep f1 --init he-uniform --sparsity 0 --limit 1000 --test-limit 100 --batch-size 25 --epochs 400 --seed 1'.split(
    ' ',
  )
const stepsPerEpoch = 40
const killedAtEpoch = 3

interface Place {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Steps behind the checkpoint that the one run there has, as its claim says. */
  readonly storedStep: () => Promise<number>
}

const stepOf = (claim: Uint8Array): number => JSON.parse(new TextDecoder().decode(claim)).step

const directoryPlace = async (): Promise<Place> => {
  const place = makeDirectory()
  const store = openDirectoryStore(place)
  const storedStep = async () => {
    const listed = await store.list('')()
    const claim = E.isRight(listed) ? listed.right.find(({ name }) => name.endsWith('claim.json')) : undefined
    const read = claim === undefined ? null : await store.read(claim.name, 4096)()
    return read === null || E.isLeft(read) || read.right === null ? 0 : stepOf(read.right.bytes)
  }
  return { words: ['--store', place], environment: {}, storedStep }
}

const s3Place = async (): Promise<Place> => {
  const { client, bucket, endpoint, environment, stop } = await startS3()
  onTestFinished(stop)
  const storedStep = async () => {
    const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
    const claim = (listed.Contents ?? []).find(({ Key = '' }) => Key.endsWith('claim.json'))
    if (claim === undefined) return 0
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: claim.Key }))
    return Body === undefined ? 0 : stepOf(await Body.transformToByteArray())
  }
  return { words: ['--store', `s3://${bucket}/runs`, '--endpoint', endpoint], environment, storedStep }
}

const places = [['a directory', directoryPlace], ...(hasS3 ? [['S3', s3Place] as const] : [])] as const

test.runIf(isLong && hasRedis && canNameHosts).each(places)(
  'a run out of a queue, kept in %s, goes on where it can, and its failure is written down there',
  async (_, makePlace) => {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    const place = await makePlace()
    const directory = makeDirectory()
    const folder = (name: string): string => {
      mkdirSync(join(directory, name), { recursive: true })
      return join(directory, name)
    }
    const environment = { ...place.environment, LAPERM_QUEUE_PASSWORD: server.password }
    const shared = [
      ...['--queue', `redis://127.0.0.1:${server.port}`, '--lease-seconds', '5'],
      ...place.words,
    ]
    const workerWords = [...shared, '--concurrency', '1', '--checkpoint-seconds', '0']
    const sweep = start([...sweepWords, ...shared], folder('sweep'), environment)
    const linesIn = (name: string): number => {
      const [run] = runsIn(join(folder(name), 'runs'))
      return run === undefined ? 0 : linesOf(run)
    }

    const one = bootMachine('one', workerWords, folder('one'), environment)
    await until('an epoch on the first machine', () => linesIn('one') > 0, 600)
    while ((await place.storedStep()) < killedAtEpoch * stepsPerEpoch)
      expect(one.said()).not.toMatch(/finished|failed/)
    await one.kill('machine')

    // Whoever dies holds the run in the store for a minute.
    const two = bootMachine('two', workerWords, folder('two'), environment)
    await until('the run on the second machine', () => linesIn('two') > 0, 600)
    // Fetched whole: whoever begins anew writes one line at first.
    expect(linesIn('two')).toBeGreaterThanOrEqual(killedAtEpoch)
    for (const attempt of [2, 3, 4]) {
      await until(`attempt ${attempt}`, () => two.work()?.attempt === attempt, 600)
      await two.kill('training process')
    }
    const ended = await sweep.ended
    expect(two.said()).toMatch(/was ended by SIGKILL.*; it was the last attempt/)
    expect(two.said()).not.toMatch(/could not be written down/)
    expect(ended.stdout).toMatch(/^1 runs?: 0 finished, 1 failed/m)
    expect(ended.code).toBe(1)
    expect(await two.end()).toBe(130)

    const listed = await laperm(['runs', ...place.words, '--json'], folder('reader'), environment)
    expect(JSON.parse(listed.stdout).runs, listed.stderr).toMatchObject([
      { status: 'failed', summary: { error: expect.stringMatching(/SIGKILL/) } },
    ])
    const retried = await laperm(
      [...sweepWords, ...place.words, '--retry-failed'],
      folder('three'),
      environment,
    )
    expect(retried.stdout, retried.stderr).toMatch(/^1 runs?: 1 finished/m)
    const alone = await laperm(sweepWords, folder('alone'))
    expect(alone.code).toBe(0)
    const [there = ''] = runsIn(join(folder('three'), 'runs'))
    const [here = ''] = runsIn(join(folder('alone'), 'runs'))
    expectSameResults(there, here)
    expect(readFileSync(join(there, 'summary.json'), 'utf8')).toContain('"finished"')
  },
)
