import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSafetensors, toTensors } from '@laperm/formats'
import { parseModel } from '@laperm/models'
import { inferExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  decodeCheckpoint,
  encodeCheckpoint,
  encodeWeights,
  eventFileName,
  eventsOfRun,
  fingerprintOf,
  inspectRun,
  listRuns,
  lockRun,
  openRun,
  planResume,
  readWeights,
  recordRun,
  removeRun,
  renderRunError,
  runFiles,
} from '../src/index.ts'
import { writeFileSafely } from '../src/write-file-safely.ts'
import {
  checkpointOf,
  experimentOf,
  lockOf,
  makeDirectory,
  makeRun,
  must,
  runOf,
  smallDigits,
} from './fixture-runs.ts'

const experiment = experimentOf({})

describe('a run directory', () => {
  test('opens as what it was made as', async () => {
    const made = await makeRun(experiment, makeDirectory())
    expect(must(await openRun(made.directory)())).toEqual(made)
  })

  test('opens with a network of as many layers in each other as a network may have', async () => {
    let layers: readonly unknown[] = [{ kind: 'relu' }]
    for (let depth = 1; depth < 32; depth++) layers = [{ kind: 'residual', body: layers }]
    const tail = [{ kind: 'flatten' }, { kind: 'dense', units: 10 }, { kind: 'softmax' }]
    const model = must(parseModel({ name: 'deep', inputShape: [28, 28, 1], layers: [...layers, ...tail] }))
    const made = await makeRun(experimentOf({ model }), makeDirectory())
    expect(must(await openRun(made.directory)())).toEqual(made)
  })

  test.each([
    ['no JSON', '{', /config\.json: expected JSON/],
    [
      'JSON 100,000 levels deep',
      `{"format":"laperm-run/3","createdAt":"","data":${'['.repeat(100_000)}`,
      /expected JSON with at most 100 levels of JSON/,
    ],
    [
      'a key twice',
      '{"format":"laperm-run/3","format":"laperm-run/3"}',
      /each key once, but "format" comes again/,
    ],
    ['another JSON value', '[]', /expected a JSON object/],
    [
      'the format before identities',
      '{"format":"laperm-run/2"}',
      /made by an earlier LaPerm .*cannot continue or evaluate\. Use that version for it, or train again/,
    ],
    ['another format', '{"format":"laperm-run/9"}', /expected format laperm-run\/3, found laperm-run\/9/],
    [
      'a format that is no text',
      '{"format":{"toString":1}}',
      /expected format laperm-run\/3, found \{"toString":1\}/,
    ],
  ])('with %s in config.json is refused', async (_, text, message) => {
    const made = await makeRun(experiment, makeDirectory())
    writeFileSync(join(made.directory, runFiles.config), text)
    const opened = await openRun(made.directory)()
    expect(E.isLeft(opened) && renderRunError(opened.left)).toMatch(message)
  })

  test.each<readonly [readonly string[], unknown, RegExp]>([
    [['createdAt'], 'once', /expected a time as createdAt, found "once"/],
    [['commandLine'], 7, /expected a string or null as commandLine, found 7/],
    [['experiment'], undefined, /expected a valid experiment/],
    [['experiment', 'seed'], -1, /expected a valid experiment, found seed is -1/],
    [['data'], undefined, /expected a dataDir in data, found none/],
    [['data', 'folder'], 'a\0b', /expected a folder in data/],
    [['data', 'dataDir'], 7, /expected a dataDir in data/],
    [['data', 'folder'], undefined, /expected a folder in data/],
    [['data', 'acceptChecksum'], 'yes', /expected an acceptChecksum in data/],
    [['data', 'fingerprint', 'testLabels'], '00', /expected a fingerprint of four SHA-256 in data/],
    [['environment'], [], /expected a valid 'environment' in environment/],
    [['environment', 'bits', 'threads'], 1, /expected a valid 'bits' in environment/],
    [['environment', 'cpu'], null, /expected a valid 'cpu' in environment/],
    [['environment', 'cpuCount'], 1.5, /expected a valid 'cpuCount' in environment/],
    [['environment', 'threads'], 'all', /expected a valid 'threads' in environment/],
    [['environment', 'bitsDependOnThreads'], 1, /expected a valid 'bitsDependOnThreads' in environment/],
    [['environment', 'checkout'], { commit: 'HEAD', isDirty: false }, /expected a valid 'checkout'/],
    [['identity'], null, /its identity is null, but its experiment, data and versions have [0-9a-f]{64}/],
  ])('whose config.json has another value at %j is refused', async (path, value, message) => {
    const made = await makeRun(experiment, makeDirectory())
    const file = join(made.directory, runFiles.config)
    const put = (record: Record<string, unknown>, [first = '', ...rest]: readonly string[]): object => ({
      ...record,
      [first]: rest.length === 0 ? value : put(record[first] as Record<string, unknown>, rest),
    })
    writeFileSync(file, JSON.stringify(put(JSON.parse(readFileSync(file, 'utf8')), path)))
    const opened = await openRun(made.directory)()
    expect(E.isLeft(opened) && renderRunError(opened.left)).toMatch(message)
  })

  test('holds the weights that training gave, and none before', async () => {
    const run = await makeRun(experiment, makeDirectory())
    const none = await readWeights(run, 'best')()
    expect(E.isLeft(none) && renderRunError(none.left)).toMatch(/has no such weights/)
    const recorder = await recordRun(run, await lockOf(run))
    const outcome = await runOf(experiment, { observe: recorder.observe })
    await recorder.finish(outcome)
    expect(must(await readWeights(run, 'last')())).toEqual(outcome.weights)
    expect(must(await readWeights(run, 'best')())).toEqual(outcome.bestWeights)
    expect(readFileSync(join(run.directory, runFiles.metrics), 'utf8').trimEnd().split('\n').length).toBe(2)
  })

  test('reads no weights that another program wrote: they have no checksum', async () => {
    const run = await makeRun(experiment, makeDirectory())
    const { weights } = await runOf(experiment)
    const path = join(run.directory, runFiles.last)
    writeFileSync(path, encodeWeights(weights, 20))
    expect(must(await readWeights(run, 'last')())).toEqual(weights)
    for (const metadata of [{}, { format: 'pt' }]) {
      writeFileSync(path, encodeSafetensors(toTensors(weights), metadata))
      const foreign = await readWeights(run, 'last')()
      expect(E.isLeft(foreign) && renderRunError(foreign.left)).toMatch(
        /last\.safetensors: expected weights that LaPerm wrote .* nothing vouches for its weights: put back/,
      )
    }
  })

  test('is written no more by a recorder that has lost its lock', async () => {
    const run = await makeRun(experiment, makeDirectory())
    const recorder = await recordRun(run, await lockOf(run))
    // A process of another machine has followed this one, which was stopped for longer than the lease.
    writeFileSync(join(run.directory, '.lock-9.json'), '')
    const summary = readFileSync(join(run.directory, runFiles.summary), 'utf8')
    await expect(runOf(experiment, { observe: recorder.observe })).rejects.toThrow(/another process writes/)
    await expect(recorder.fail('the lock was lost')).rejects.toThrow(/another process writes/)
    expect(readFileSync(join(run.directory, runFiles.metrics), 'utf8')).toBe('')
    expect(readFileSync(join(run.directory, runFiles.summary), 'utf8')).toBe(summary)
  })

  test('says that a run failed, and why', async () => {
    const run = await makeRun(experiment, makeDirectory())
    await (await recordRun(run, await lockOf(run))).fail('the engine died')
    const summary = JSON.parse(readFileSync(join(run.directory, runFiles.summary), 'utf8'))
    expect(summary).toMatchObject({ status: 'failed', error: 'the engine died' })
    // A failed run can go on: it starts over when it has no checkpoint.
    expect(must(await planResume(run.directory)()).checkpoint).toBeNull()
  })
})

describe('a checkpoint', () => {
  const facts = { experiment, data: fingerprintOf(smallDigits), metrics: '{"epoch":1}\n' }
  const specs = must(inferExperiment(experiment)).parameters
  test('comes back as it was', async () => {
    const checkpoint = await checkpointOf(experiment)
    expect(must(decodeCheckpoint('x', encodeCheckpoint(checkpoint, facts), specs))).toEqual({
      checkpoint,
      facts,
    })
  })

  test('of another model is refused', async () => {
    const bytes = encodeCheckpoint(await checkpointOf(experiment), facts)
    const others = must(inferExperiment(experimentOf({ model: 'mlp' }))).parameters
    const decoded = decodeCheckpoint('x', bytes, others)
    expect(E.isLeft(decoded) && renderRunError(decoded.left)).toMatch(
      /'params\/dense1\/kernel' of shape \[784, 100\], found \[784, 10\]/,
    )
  })

  test('whose position is none is refused', async () => {
    const checkpoint = await checkpointOf(experiment)
    const broken = { ...checkpoint, position: { ...checkpoint.position, step: -1 } }
    const decoded = decodeCheckpoint('x', encodeCheckpoint(broken, facts), specs)
    expect(E.isLeft(decoded) && renderRunError(decoded.left)).toMatch(/valid 'step'/)
  })

  test('is not any safetensors file', () => {
    const decoded = decodeCheckpoint('x', encodeSafetensors([], {}), specs)
    expect(E.isLeft(decoded) && renderRunError(decoded.left)).toMatch(
      /format laperm-checkpoint\/2, found none/,
    )
  })
})

test('a NUL in a path and a file in place of a directory are told by every function that takes a directory', async () => {
  const folder = makeDirectory()
  writeFileSync(join(folder, 'file'), '')
  const reasons: readonly (readonly [string, RegExp])[] = [
    ['nul\0', /a path cannot hold a NUL character/],
    ['file', /a run is a directory, and this is a file|nothing says that this is a run/],
  ]
  for (const [name, reason] of reasons) {
    const path = join(folder, name)
    for (const task of [openRun, listRuns, inspectRun, removeRun, lockRun]) {
      const result = await task(path)()
      expect(result, task.name).toMatchObject({ _tag: 'Left', left: { _tag: 'RunUnavailable' } })
      if (E.isLeft(result)) expect(renderRunError(result.left)).toMatch(reason)
    }
  }
})

test.skipIf(process.platform === 'win32')('a pipe in place of a file holds no reader', async () => {
  const run = await makeRun(experiment, makeDirectory())
  const replace = (name: string): void => {
    rmSync(join(run.directory, name), { force: true })
    execFileSync('mkfifo', [join(run.directory, name)])
  }
  const expectRefused = (result: E.Either<unknown, unknown>): void =>
    expect(JSON.stringify(result)).toMatch(/"Left".*is no regular file/)
  for (const name of [runFiles.best, runFiles.checkpoint, eventFileName]) replace(name)
  expectRefused(await readWeights(run, 'best')())
  expectRefused(await planResume(run.directory)())
  expectRefused(await eventsOfRun(run.directory)())
  for (const name of [runFiles.summary, runFiles.metrics]) replace(name)
  expect(must(await inspectRun(run.directory)()).problem).toMatch(/summary\.json/)
  replace(runFiles.config)
  expectRefused(await openRun(run.directory)())
  expect(must(await inspectRun(run.directory)()).problem).toMatch(/config\.json/)
  expect(E.isLeft(await removeRun(run.directory)())).toBe(true)
})

test('a file that cannot be written whole leaves the old one and nothing else', async () => {
  const directory = makeDirectory()
  const path = join(directory, 'file')
  await writeFileSafely(path, 'old')
  await writeFileSafely(path, 'new')
  expect(readFileSync(path, 'utf8')).toBe('new')
  // A directory of that name cannot be replaced by a file.
  const taken = join(directory, 'taken')
  mkdirSync(join(taken, 'inside'), { recursive: true })
  await expect(writeFileSafely(taken, 'x')).rejects.toThrow()
  expect(readdirSync(directory).sort()).toEqual(['file', 'taken'])
  expect(existsSync(join(taken, 'inside'))).toBe(true)
})
