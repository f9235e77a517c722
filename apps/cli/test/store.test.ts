import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../../test/devices/redis.ts'
import { hasS3, type S3Server, startS3 } from '../../../test/devices/s3.ts'
import { runCaptured } from './captured-cli.ts'
import { laperm, makeDirectory, start } from './laperm-process.ts'

// Several processes one after the other, perhaps on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

/** 80 steps an epoch, with checkpoints as often as they are allowed. */
const words = (epochs: number, seeds: string): readonly string[] =>
  `f1 --init he-uniform --sparsity 0 --limit 2000 --batch-size 25 --epochs ${epochs} --seed ${seeds} --checkpoint-seconds 0 --quiet`.split(
    ' ',
  )
/** Long enough that something can happen to a run while it trains. */
const epochs = 50
const run = (seed: number): readonly string[] => ['train', ...words(epochs, String(seed))]

const runIn = (directory: string): string =>
  join(directory, 'runs', readdirSync(join(directory, 'runs'))[0] ?? '')

describe('without --store', () => {
  test('no client of S3 is loaded', async () => {
    const environment = {
      NODE_OPTIONS: `--require ${fileURLToPath(new URL('loaded-modules.cjs', import.meta.url))}`,
    }
    const { stderr } = await laperm(['runs'], makeDirectory(), environment)
    expect(stderr).toMatch(/^loaded: nothing$/m)
  })

  test('what cannot be meant is refused', async () => {
    for (const [words, said] of [
      [['runs', '--store', 's3://'], /it names no bucket.*s3:\/\/bucket\/prefix/],
      [['runs', '--store', 's3://key:hidden@bucket'], /credentials do not stand in the URL/],
      [['runs', '--store', 'gs://bucket'], /begins with s3:\/\//],
      [['runs', '--endpoint', 'http://localhost'], /--endpoint belongs to a store/],
      [['runs', 'pull'], /Name the store/],
      [['runs', 'here', '--store', 'there'], /leave one out/],
    ] as const) {
      const { code, err } = await runCaptured(words)
      expect(err).toMatch(said)
      expect(err).not.toContain('hidden')
      expect(code).not.toBe(0)
    }
  })
})

describe.runIf(hasS3)('runs in a store on S3', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3()
  })
  afterAll(() => server.stop())

  const storeOf = (prefix: string, endpoint = server.endpoint): readonly string[] => [
    ...['--store', `s3://${server.bucket}/${prefix}`, '--endpoint', endpoint],
  ]
  const keysOf = async (prefix: string): Promise<readonly string[]> => {
    const listed = await server.client.send(
      new ListObjectsV2Command({ Bucket: server.bucket, Prefix: `${prefix}/` }),
    )
    return (listed.Contents ?? []).map(({ Key = '' }) => Key)
  }
  test('runs are listed, shown and pulled', async () => {
    const store = storeOf('listed')
    const directory = makeDirectory()
    for (const seed of [3, 4])
      expect(
        (await laperm(['train', ...words(1, String(seed)), ...store], directory, server.environment)).code,
      ).toBe(0)
    const elsewhere = makeDirectory()
    const { stdout } = await laperm(['runs', ...store], elsewhere, server.environment)
    expect(stdout).toMatch(/2 runs/)
    const [name = ''] = readdirSync(join(directory, 'runs')).sort()
    expect(stdout).toContain(name)
    const shown = await laperm(['runs', 'show', name, ...store], elsewhere, server.environment)
    expect(shown.stdout).toMatch(/finished, 1 of 1 epochs/)
    expect(shown.stdout).toMatch(/last\.safetensors/)
    expect(shown.stdout).toContain(`laperm runs pull ${name}`)
    const pulled = await laperm(
      ['runs', 'pull', name, ...store, '--record-only'],
      elsewhere,
      server.environment,
    )
    expect(pulled.code, pulled.stderr).toBe(0)
    expect(
      readdirSync(runIn(elsewhere))
        .filter((file) => !file.startsWith('.'))
        .sort(),
    ).toEqual(['config.json', 'metrics.jsonl', 'summary.json'])
    const unknown = await laperm(['runs', 'pull', 'f9-000000', ...store], elsewhere, server.environment)
    expect(unknown.stderr).toMatch(/has no run 'f9-000000'/)
  })

  test('a sweep keeps its runs there, and the same sweep elsewhere trains nothing', async () => {
    const sweep = ['sweep', ...words(1, '5,6'), ...storeOf('sweep')]
    const first = await laperm(sweep, makeDirectory(), server.environment)
    expect(first.code, first.stderr).toBe(0)
    const again = await laperm([...sweep, '--dry-run'], makeDirectory(), server.environment)
    expect(again.stdout).toMatch(/2 runs: 2 finished/)
  })

  test('wrong credentials, a missing bucket and a silent port are said, with what to do and no secret', async () => {
    const directory = makeDirectory()
    const given = server.environment
    const tries = [
      [{ ...given, AWS_SECRET_ACCESS_KEY: 'hidden' }, storeOf('x'), /secret key does not belong/],
      [{ ...given, AWS_ACCESS_KEY_ID: 'AKIAHIDDEN' }, storeOf('x'), /does not know this access key/],
      [
        given,
        ['--store', 's3://no-such-bucket', '--endpoint', server.endpoint],
        /there is no such bucket.*Make it/,
      ],
      [given, storeOf('x', `http://127.0.0.1:${await freePort()}`), /nothing listens there.*--endpoint/],
    ] as const
    for (const [environment, store, said] of tries) {
      const { code, stderr } = await laperm(['runs', ...store], directory, environment)
      expect(stderr).toMatch(said)
      expect(stderr).not.toMatch(/hidden|\n\s+at /i)
      expect(code).toBe(1)
    }
    const without = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' }
    const { stderr } = await laperm(['runs', ...storeOf('x')], directory, { ...without, HOME: directory })
    expect(stderr).toMatch(/there are no credentials for it.*AWS_ACCESS_KEY_ID/)
  })

  test('a run that was interrupted has its checkpoint there; one that was cut short is refused by its name', async () => {
    const store = storeOf('torn')
    const { child, ended } = start([...run(1), ...store], makeDirectory(), server.environment)
    const isStored = async () =>
      expect(await keysOf('torn')).toContainEqual(expect.stringMatching(/summary\.json$/))
    await vi.waitFor(isStored, { timeout: 120_000, interval: 200 })
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    const Key = (await keysOf('torn')).find((key) => key.endsWith('checkpoint.safetensors'))
    const listed = await laperm(['runs', ...store], makeDirectory(), server.environment)
    expect(listed.stdout).toMatch(/interrupted/)
    await server.client.send(new PutObjectCommand({ Bucket: server.bucket, Key, Body: 'torn' }))
    const { code, stderr } = await laperm([...run(1), ...store], makeDirectory(), server.environment)
    expect(stderr).toMatch(/checkpoint\.safetensors: expected .*Remove it from the store/)
    expect(code).toBe(1)
    for (const secret of Object.values(server.environment).slice(0, 2))
      expect(stderr + listed.stdout + listed.stderr).not.toContain(secret)
  })
})
