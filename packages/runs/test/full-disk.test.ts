/** A disk that is full at one file alone. Real ones, so only as root on Linux. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canMountTmpfs, fillDisk, mountTmpfs } from '../../../test/devices/tmpfs.ts'
import { canMountUnkeptDisk, mountUnkeptDisk } from '../../../test/devices/unkept-disk.ts'
import { encodeWeights, planResume, type Run, RunWriteFailed, recordRun, runFiles } from '../src/index.ts'
import { checkpointOf, experimentOf, lockOf, makeRun, must, runOf } from './fixture-runs.ts'

const experiment = experimentOf({ epochs: 2 })
const page = 4096
const stack = /^\s+at /m

/** The file that a call could not write. */
const unwritten = async (work: unknown): Promise<RunWriteFailed> => {
  const error = await Promise.resolve(work).then(
    () => 'it was written',
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof RunWriteFailed)) throw new Error('no RunWriteFailed', { cause: error })
  expect(error.message).toContain(error.path)
  expect(error.message).not.toMatch(stack)
  return error
}
const pathIn = ({ directory }: Run, file: keyof typeof runFiles): string => join(directory, runFiles[file])
const statusOf = (run: Run): string => JSON.parse(readFileSync(pathIn(run, 'summary'), 'utf8')).status

const epochEnd = {
  kind: 'epochEnd',
  metrics: { epoch: 1, step: 10 },
} as unknown as Parameters<Awaited<ReturnType<typeof recordRun>>['observe']>[0]

describe.skipIf(!canMountTmpfs)('a disk', () => {
  test('without room for a line of metrics: the file is named, and the run says that it failed when there is room', async () => {
    const disk = mountTmpfs('size=1m')
    const run = await makeRun(experiment, disk.path)
    const recorder = await recordRun(run, await lockOf(run))
    fillDisk(disk.path)
    const { path, message } = await unwritten(recorder.observe(epochEnd))
    expect(path).toBe(pathIn(run, 'metrics'))
    expect(message).toMatch(/ENOSPC/)
    expect(statusOf(run)).toBe('running')
    rmSync(join(disk.path, 'filler'))
    await recorder.fail(message)
    expect(statusOf(run)).toBe('failed')
    expect(must(await planResume(run.directory)()).metrics.metrics).toBe('')
  })

  test('without room for the last summary alone: weights are whole, and the summary says running', async () => {
    const disk = mountTmpfs('size=4m')
    const run = await makeRun(experiment, disk.path)
    const recorder = await recordRun(run, await lockOf(run))
    const outcome = await runOf(experiment, { observe: recorder.observe })
    const weights = encodeWeights(outcome.weights, outcome.weightsStep)
    fillDisk(disk.path, Math.ceil(weights.length / page))
    const { path, message } = await unwritten(recorder.finish(outcome))
    expect(path).toBe(pathIn(run, 'summary'))
    expect(message).toMatch(/ENOSPC/)
    expect(readFileSync(pathIn(run, 'last')).equals(weights)).toBe(true)
    expect(statusOf(run)).toBe('running')
    await expect(recorder.fail(message)).rejects.toThrow(/summary\.json could not be written: ENOSPC/)
    expect(statusOf(run)).toBe('running')
  })

  test.skipIf(!canMountUnkeptDisk)(
    'that takes metrics and cannot keep them: fsync fails, the file is named, and no checkpoint is ahead of it',
    async () => {
      const disk = mountUnkeptDisk()
      const run = await makeRun(experiment, disk.path)
      const recorder = await recordRun(run, await lockOf(run))
      const checkpoint = await checkpointOf(experiment)
      disk.fill()
      await recorder.observe(epochEnd)
      const { path, message } = await unwritten(recorder.observe({ kind: 'checkpoint', checkpoint }))
      expect(path).toBe(pathIn(run, 'metrics'))
      expect(message).toMatch(/could not be written: (EIO|ENOSPC)/)
      expect(() => readFileSync(pathIn(run, 'checkpoint'))).toThrow(/ENOENT/)
    },
  )
})
