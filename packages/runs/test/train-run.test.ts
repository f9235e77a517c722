import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { type ExecutionEvent, executeRun, readLockHolder, runFiles } from '../src/index.ts'
import { engineOfTests, experimentOf, makeDirectory, must, smallDigits } from './fixture-runs.ts'

test('a run whose files cannot be opened gives its lock back, says so, and goes on once they can', async () => {
  const parent = makeDirectory()
  const engine = await engineOfTests()
  const execute = (report: (event: ExecutionEvent) => void) =>
    executeRun(experimentOf({ model: 'mlp', epochs: 1 }), {
      directory: null,
      parent,
      source: { dataDir: null, folder: null, acceptChecksum: false },
      loadEngine: () => TE.right(engine),
      loadData: () => TE.right(smallDigits),
      report,
    })()
  let metrics = ''
  let directory = ''
  const failed = await execute((event) => {
    if (event.kind !== 'started') return
    directory = event.run.directory
    metrics = join(directory, runFiles.metrics)
    mkdirSync(metrics)
  })
  expect(failed).toMatchObject({
    left: { _tag: 'RunFailed', runDirectory: directory, status: 'running', isWriting: true },
  })
  expect(await readLockHolder(directory)).toBeNull()
  rmdirSync(metrics)
  expect(must(await execute(() => undefined))).toMatchObject({
    kind: 'trained',
    summary: { status: 'finished' },
  })
})
