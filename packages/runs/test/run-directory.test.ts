import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { encodeSafetensors, toTensors } from '@laperm/formats'
import { inferExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  createRun,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeWeights,
  fingerprintOf,
  openRun,
  planResume,
  readWeights,
  recordRun,
  renderRunError,
  runFiles,
} from '../src/index.ts'
import { writeFileSafely } from '../src/write-file-safely.ts'
import {
  checkpointOf,
  experimentOf,
  lockOf,
  makeDirectory,
  must,
  optionsIn,
  runOf,
  smallDigits,
} from './fixture-runs.ts'

const experiment = experimentOf({})

describe('a run directory', () => {
  test('is named after the run, and two runs of one second get two', async () => {
    const parent = makeDirectory()
    const one = must(await createRun(experiment, optionsIn(parent))())
    const two = must(await createRun(experiment, optionsIn(parent))())
    expect(basename(one.directory)).toBe('f1-digits-laperm-s1-2020-12-06-120000')
    expect(basename(two.directory)).toBe('f1-digits-laperm-s1-2020-12-06-120000-2')
  })

  test('opens as what it was made as', async () => {
    const made = must(await createRun(experiment, optionsIn(makeDirectory()))())
    expect(must(await openRun(made.directory)())).toEqual(made)
  })

  test.each([
    ['no JSON', '{', /config\.json: expected JSON/],
    [
      'JSON 100,000 levels deep',
      `{"format":"laperm-run/2","createdAt":"","data":${'['.repeat(100_000)}`,
      /expected JSON with at most 64 levels of JSON/,
    ],
    [
      'a key twice',
      '{"format":"laperm-run/2","format":"laperm-run/2"}',
      /each key once, but "format" comes again/,
    ],
    ['another JSON value', '[]', /expected a JSON object/],
    [
      'the format of LaPerm 0.1',
      '{"format":"laperm-run/1"}',
      /made by LaPerm 0\.1 .*cannot continue or evaluate\. Use that version for it, or train again/,
    ],
    ['another format', '{"format":"laperm-run/9"}', /expected format laperm-run\/2, found laperm-run\/9/],
    [
      'no experiment',
      '{"format":"laperm-run/2","createdAt":"","data":{"dataDir":null,"folder":null},"versions":{}}',
      /expected a valid experiment/,
    ],
    ['no data', '{"format":"laperm-run/2","createdAt":""}', /expected a dataDir in data, found none/],
    [
      'no versions',
      '{"format":"laperm-run/2","createdAt":"","data":{"dataDir":null,"folder":null}}',
      /expected strings as versions, found none/,
    ],
    [
      'a format that is no text',
      '{"format":{"toString":1}}',
      /expected format laperm-run\/2, found \{"toString":1\}/,
    ],
    [
      'a wrong data directory',
      '{"format":"laperm-run/2","createdAt":"","data":{"dataDir":7},"versions":{}}',
      /expected a dataDir/,
    ],
    [
      'no folder',
      '{"format":"laperm-run/2","createdAt":"","data":{"dataDir":null},"versions":{}}',
      /expected a folder in data/,
    ],
  ])('with %s in config.json is refused', async (_, text, message) => {
    const made = must(await createRun(experiment, optionsIn(makeDirectory()))())
    writeFileSync(join(made.directory, runFiles.config), text)
    const opened = await openRun(made.directory)()
    expect(E.isLeft(opened) && renderRunError(opened.left)).toMatch(message)
  })

  test('holds the weights that training gave, and none before', async () => {
    const run = must(await createRun(experiment, optionsIn(makeDirectory()))())
    const none = await readWeights(run, 'best')()
    expect(E.isLeft(none) && renderRunError(none.left)).toMatch(/has no such weights/)
    const recorder = await recordRun(run, smallDigits, await lockOf(run))
    const outcome = await runOf(experiment, { observe: recorder.observe })
    await recorder.finish(outcome)
    expect(must(await readWeights(run, 'weights')())).toEqual(outcome.weights)
    expect(must(await readWeights(run, 'best')())).toEqual(outcome.bestWeights)
    expect(readFileSync(join(run.directory, runFiles.metrics), 'utf8').trimEnd().split('\n').length).toBe(2)
  })

  test('reads no weights that another program wrote: they have no checksum', async () => {
    const run = must(await createRun(experiment, optionsIn(makeDirectory()))())
    const { weights } = await runOf(experiment)
    const path = join(run.directory, runFiles.weights)
    writeFileSync(path, encodeWeights(weights, 20))
    expect(must(await readWeights(run, 'weights')())).toEqual(weights)
    for (const metadata of [{}, { format: 'pt' }]) {
      writeFileSync(path, encodeSafetensors(toTensors(weights), metadata))
      const foreign = await readWeights(run, 'weights')()
      expect(E.isLeft(foreign) && renderRunError(foreign.left)).toMatch(
        /weights\.safetensors: expected weights that LaPerm wrote .* nothing vouches for its weights: put back/,
      )
    }
  })

  test('is written no more by a recorder that has lost its lock', async () => {
    const run = must(await createRun(experiment, optionsIn(makeDirectory()))())
    const recorder = await recordRun(run, smallDigits, await lockOf(run))
    // A process of another machine has followed this one, which was stopped for longer than the lease.
    writeFileSync(join(run.directory, '.lock-2.json'), '')
    const summary = readFileSync(join(run.directory, runFiles.summary), 'utf8')
    await expect(runOf(experiment, { observe: recorder.observe })).rejects.toThrow(/another process writes/)
    await expect(recorder.fail('the lock was lost')).rejects.toThrow(/another process writes/)
    expect(readFileSync(join(run.directory, runFiles.metrics), 'utf8')).toBe('')
    expect(readFileSync(join(run.directory, runFiles.summary), 'utf8')).toBe(summary)
  })

  test('that two processes make at once is made by one of them', async () => {
    const directory = join(makeDirectory(), 'run')
    const options = { ...optionsIn(directory), directory }
    const made = await Promise.all([1, 2, 3, 4].map(() => createRun(experiment, options)()))
    expect(made.filter(E.isRight)).toHaveLength(1)
  })

  test('says that a run failed, and why', async () => {
    const run = must(await createRun(experiment, optionsIn(makeDirectory()))())
    await (await recordRun(run, smallDigits, await lockOf(run))).fail('the engine died')
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
