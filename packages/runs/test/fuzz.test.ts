/**
 * Damaged files of a run: each is refused in words or changes nothing that the run stands for. Short here; `npm run test:fuzz` draws many more.
 *
 * Parts of a run without a check: of `config.json` what is not part of the run's identity (`createdAt`, where the data lie, the machine), and
 * while there is a checkpoint, `summary.json`, which is written anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRandom } from '@laperm/core'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes, damageJson } from '../../../test/mutations.ts'
import {
  encodeCheckpoint,
  encodeWeights,
  planResume,
  type Run,
  type RunError,
  readWeights,
  renderRunError,
  runFiles,
} from '../src/index.ts'
import { experimentOf, makeDirectory, makeRun, must, trainInto } from './fixture-runs.ts'

const rounds = Math.min(10_000, fuzzRounds(150))
const experiment = experimentOf({ epochs: 3 })
const mostBytes = 64 * 2 ** 20

/** A run that was interrupted in its third epoch: it has all six files. */
const interruptedRun = async (): Promise<Run> => {
  const run = await makeRun(experiment, makeDirectory())
  await trainInto(run, { stopAt: 22 })
  return run
}

/** What the run stands for, as texts and bytes; or in words why it cannot be read. */
const readRun = async ({
  directory,
  config,
}: Run): Promise<E.Either<string, Readonly<Record<string, string>>>> => {
  const words = (error: RunError): E.Either<string, never> => E.left(renderRunError(error))
  const plan = await planResume(directory)()
  if (E.isLeft(plan)) return words(plan.left)
  const { run, checkpoint, metrics } = plan.right
  if (checkpoint === null) return E.left('no checkpoint')
  const weights = await readWeights(run, 'last')()
  if (E.isLeft(weights)) return words(weights.left)
  const best = await readWeights(run, 'best')()
  if (E.isLeft(best)) return words(best.left)
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  const facts = {
    experiment: config.experiment,
    data: run.config.data.fingerprint,
    metrics: metrics.metrics,
  }
  return E.right({
    experiment: JSON.stringify(run.config.experiment),
    checkpoint: hex(encodeCheckpoint(checkpoint, facts)),
    weights: hex(encodeWeights(weights.right, 0)),
    best: hex(encodeWeights(best.right, 0)),
  })
}

test(
  'a damaged file of a run is refused in words, or the run is what it was',
  async () => {
    const run = await interruptedRun()
    const original = must(await readRun(run))
    for (const [kind, file] of Object.entries(runFiles)) {
      const path = join(run.directory, file)
      const bytes = readFileSync(path)
      const damage = file.endsWith('.safetensors') ? damageBytes : damageJson
      let refused = 0
      for (let round = 0; round < rounds; round++) {
        const damaged = damage(bytes, makeRandom(1, `fuzz/${kind}`, round))
        writeFileSync(path, damaged)
        const before = process.memoryUsage().arrayBuffers
        const where = `${file}, round ${round}, ${damaged.length} bytes`
        const found = await readRun(run).catch((error) => {
          throw new Error(where, { cause: error })
        })
        expect(process.memoryUsage().arrayBuffers - before, where).toBeLessThan(mostBytes)
        if (E.isLeft(found)) {
          refused++
          expect(found.left.length, where).toBeLessThan(3000)
        } else expect(found.right, where).toEqual(original)
      }
      writeFileSync(path, bytes)
      console.log(`${file}: ${rounds} mutations, ${refused} refused, ${rounds - refused} the same run`)
      if (file.endsWith('.safetensors')) expect(refused, file).toBeGreaterThan(rounds * 0.9)
    }
    expect(must(await readRun(run))).toEqual(original)
  },
  fuzzTimeoutMs(rounds),
)
