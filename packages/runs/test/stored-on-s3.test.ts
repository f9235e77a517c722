/** Machines that are killed and cut off while they train runs that are kept on S3: each machine is a process with a directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { hasS3, type S3Server, startS3 } from '../../../test/devices/s3.ts'
import { startProxy } from '../../../test/devices/tcp-proxy.ts'
import { makeDirectory } from './fixture-runs.ts'

// Several processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const program = fileURLToPath(new URL('store-trainer.mjs', import.meta.url))

const resultsIn = (parent: string) => {
  const [run] = readdirSync(parent)
  const read = (file: string) => readFileSync(join(parent, run, file)).toString('base64')
  return { last: read('last.safetensors'), best: read('best.safetensors'), metrics: read('metrics.jsonl') }
}

describe.runIf(hasS3)('a run that is kept on S3', () => {
  let server: S3Server
  let undisturbed: ReturnType<typeof resultsIn>
  beforeAll(async () => {
    server = await startS3()
  }, 60_000)
  afterAll(() => server.stop())

  /** Start a machine. @param place the store's URL and endpoint; none trains without a store. */
  const startMachine = (parent: string, ...place: readonly string[]) => {
    const child: ChildProcess = spawn(process.execPath, [program, parent, ...place], {
      env: { ...process.env, ...server.environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    if (child.stdout === null) throw new TypeError('its output is a pipe')
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return {
      child,
      next: async (): Promise<string> => String((await lines.next()).value),
      goOn: () => child.stdin?.write('go on\n'),
    }
  }
  const trainAlone = async (): Promise<ReturnType<typeof resultsIn>> => {
    const parent = makeDirectory()
    const machine = startMachine(parent)
    machine.goOn()
    expect(await machine.next()).toBe('started new 0')
    expect(await machine.next()).toMatch(/^checkpoint/)
    expect(await machine.next()).toBe('ended finished')
    return resultsIn(parent)
  }
  /** Wait until the store has the checkpoint of a step. */
  const untilStored = async (prefix: string, step: number): Promise<void> => {
    const deadline = Date.now() + 120_000
    for (;;) {
      const Bucket = server.bucket
      const listed = await server.client.send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/` }))
      const Key = (listed.Contents ?? []).find((object) => object.Key?.endsWith('/claim.json'))?.Key
      const claim = Key === undefined ? null : await server.client.send(new GetObjectCommand({ Bucket, Key }))
      const text = (await claim?.Body?.transformToString()) ?? '{"step":0}'
      if ((JSON.parse(text) as { readonly step: number }).step >= step) return
      if (Date.now() > deadline) throw new Error(`waited two minutes for step ${step} in the store`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const urlOf = (prefix: string): string => `s3://${server.bucket}/${prefix}`

  test('goes on on another machine after its own was killed in the middle of it, to the same bits', async () => {
    undisturbed ??= await trainAlone()
    const place = [urlOf('killed'), server.endpoint]
    const killed = startMachine(makeDirectory(), ...place)
    expect(await killed.next()).toBe('started new 0')
    const step = Number((await killed.next()).replace('checkpoint ', ''))
    expect(step).toBeGreaterThan(0)
    await untilStored('killed', step)
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')

    const elsewhere = makeDirectory()
    const other = startMachine(elsewhere, ...place)
    other.goOn()
    expect(await other.next()).toBe(`started resumed ${step}`)
    let said = await other.next()
    if (said.startsWith('checkpoint')) said = await other.next()
    expect(said).toBe('ended finished')
    expect(resultsIn(elsewhere)).toEqual(undisturbed)

    const third = makeDirectory()
    expect(await startMachine(third, ...place).next()).toBe('ended finished')
    expect(resultsIn(third)).toEqual(undisturbed)
  })

  test('gets there although the way to the store is cut in the middle of it', async () => {
    undisturbed ??= await trainAlone()
    const proxy = await startProxy(server.port)
    onTestFinished(() => proxy.close())
    const machine = startMachine(makeDirectory(), urlOf('cut'), `http://127.0.0.1:${proxy.port}`)
    expect(await machine.next()).toBe('started new 0')
    expect(await machine.next()).toMatch(/^checkpoint/)
    proxy.cut()
    machine.goOn()
    await new Promise((resolve) => setTimeout(resolve, 4000))
    proxy.mend()
    expect(await machine.next()).toBe('ended finished')
    const elsewhere = makeDirectory()
    expect(await startMachine(elsewhere, urlOf('cut'), server.endpoint).next()).toBe('ended finished')
    expect(resultsIn(elsewhere)).toEqual(undisturbed)
  })

  test('is whole on its machine when the server dies for good, and that machine says so', async () => {
    const dying = await startS3()
    const alive = server
    server = dying
    onTestFinished(() => {
      server = alive
    })
    const parent = makeDirectory()
    const machine = startMachine(parent, `s3://${dying.bucket}/dead`, dying.endpoint)
    expect(await machine.next()).toBe('started new 0')
    expect(await machine.next()).toMatch(/^checkpoint/)
    await dying.stop()
    machine.goOn()
    expect(await machine.next()).toMatch(
      /nothing listens there.*The run is whole in .*brings it into the store/,
    )
    server = alive
    undisturbed ??= await trainAlone()
    expect(resultsIn(parent)).toEqual(undisturbed)
  })
})
