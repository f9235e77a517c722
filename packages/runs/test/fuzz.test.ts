/**
 * Damaged files of a run: each is refused in words or changes nothing that the run stands for. Short here; `LAPERM_FUZZ_ROUNDS=10000` draws as many
 * of each file.
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
  inspectRun,
  planResume,
  type Run,
  type RunError,
  readMetrics,
  readWeights,
  renderRunError,
  runFiles,
} from '../src/index.ts'
import { makeDirectory, makeRun, must, tinyExperimentOf, trainInto } from './fixture-runs.ts'

const rounds = Math.min(10_000, fuzzRounds(60))
/** The first round, for a long run in pieces. */
const first = Number(process.env['LAPERM_FUZZ_FIRST'] ?? 0)
const experiment = tinyExperimentOf({ epochs: 3 })
const mostBytes = 64 * 2 ** 20

const trainedRun = async (stopAt: number): Promise<Run> => {
  const run = await makeRun(experiment, makeDirectory())
  await trainInto(run, { stopAt })
  return run
}

/** What a run stands for, as texts; or in words why it cannot be read. */
type WhatItIs = E.Either<string, Readonly<Record<string, string>>>

const words = (error: RunError): E.Either<string, never> => E.left(renderRunError(error))
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** The best and the last weights. */
const readBoth = async (run: Run): Promise<E.Either<RunError, Readonly<Record<string, string>>>> => {
  const last = await readWeights(run, 'last')()
  if (E.isLeft(last)) return last
  const best = await readWeights(run, 'best')()
  if (E.isLeft(best)) return best
  return E.right({ last: base64(encodeWeights(last.right, 0)), best: base64(encodeWeights(best.right, 0)) })
}

/** A run that can go on, as a command that continues reads it. */
const readUnfinished = async ({ directory, config }: Run): Promise<WhatItIs> => {
  const plan = await planResume(directory)()
  if (E.isLeft(plan)) return words(plan.left)
  const { run, checkpoint, metrics } = plan.right
  if (checkpoint === null) return E.left('no checkpoint')
  const weights = await readBoth(run)
  if (E.isLeft(weights)) return words(weights.left)
  const facts = {
    experiment: config.experiment,
    data: run.config.data.fingerprint,
    metrics: metrics.metrics,
  }
  return E.right({
    experiment: JSON.stringify(run.config.experiment),
    checkpoint: base64(encodeCheckpoint(checkpoint, facts)),
    ...weights.right,
  })
}

/** A run that is over, as `laperm runs` and `laperm evaluate` read it. */
const readFinished = async ({ directory }: Run): Promise<WhatItIs> => {
  const listed = await inspectRun(directory)()
  if (E.isLeft(listed)) return words(listed.left)
  const { problem, config, summary } = listed.right
  if (problem !== null || config === null || summary === null) return E.left(problem ?? 'no summary')
  const metrics = await readMetrics(directory, summary.files)
  if (metrics.value === null) return E.left(metrics.problem ?? 'no metrics')
  const weights = await readBoth({ directory, config })
  if (E.isLeft(weights)) return words(weights.left)
  // What is no part of the identity has no check, and decides nothing.
  const { threads: _threads, rankingDistance: _measured, ...deciding } = config.experiment
  return E.right({
    experiment: JSON.stringify(deciding),
    // With what it says of its files: one that lost that would not be checked.
    summary: JSON.stringify(summary),
    metrics: JSON.stringify(metrics.value),
    ...weights.right,
  })
}

test.each([
  { kind: 'interrupted', stopAt: 22, read: readUnfinished, unchecked: ['metrics', 'summary'] },
  { kind: 'finished', stopAt: 0, read: readFinished, unchecked: [] },
] as const)(
  'a damaged file of a run that is $kind is refused in words, or the run is what it was',
  async ({ kind, stopAt, read, unchecked }) => {
    const run = await trainedRun(stopAt)
    const original = must(await read(run))
    for (const [part, file] of Object.entries(runFiles)) {
      if (kind === 'finished' && part === 'checkpoint') continue
      const path = join(run.directory, file)
      const bytes = readFileSync(path)
      const damage = file.endsWith('.safetensors') ? damageBytes : damageJson
      let refused = 0
      for (let round = first; round < first + rounds; round++) {
        const damaged = damage(bytes, makeRandom(1, `fuzz/${part}`, round))
        writeFileSync(path, damaged)
        const before = process.memoryUsage().arrayBuffers
        const where = `${file}, round ${round}, ${damaged.length} bytes`
        const found = await read(run).catch((error) => {
          throw new Error(where, { cause: error })
        })
        expect(process.memoryUsage().arrayBuffers - before, where).toBeLessThan(mostBytes)
        if (E.isLeft(found)) {
          refused++
          expect(found.left.length, where).toBeLessThan(3000)
        } else expect(found.right, where).toEqual(original)
      }
      writeFileSync(path, bytes)
      console.log(
        `${file} of a run that is ${kind}: ${rounds} mutations from ${first} on, ${refused} refused, ${rounds - refused} the same run`,
      )
      if (!unchecked.some((name) => name === part)) expect(refused, file).toBeGreaterThan(rounds * 0.75)
    }
    expect(must(await read(run))).toEqual(original)
  },
  fuzzTimeoutMs(6 * rounds),
)
