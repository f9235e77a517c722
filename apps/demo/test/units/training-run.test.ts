/** A run outside the page: the same code on the same WebAssembly engine, in Node. */

import type { Engine } from '@laperm/engine'
import { makeWasmEngine } from '@laperm/engine-tfjs/wasm'
import { drawInitialParams } from '@laperm/train'
import { either as E } from 'fp-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { networkOf } from '../../src/settings/experiments.ts'
import type { RunSettings } from '../../src/settings/run-settings.ts'
import { planContenders } from '../../src/worker/contenders.ts'
import { makeDataShelf } from '../../src/worker/data-shelf.ts'
import { drawDigitsHere } from '../../src/worker/draw-digits.ts'
import { proveRun } from '../../src/worker/proof.ts'
import { makeTrainingRun, type TrainingRun } from '../../src/worker/training-run.ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

const settings: RunSettings = { ...defaultSettings, batchSize: 16, syncPeriod: 7 }

describe('a run', () => {
  const shelf = makeDataShelf(Promise.resolve(drawDigitsHere()))
  let engine: Engine
  beforeAll(async () => {
    engine = must(await makeWasmEngine()())
  })
  const begin = async (changes: Partial<RunSettings> = {}): Promise<TrainingRun> => {
    const own = { ...settings, ...changes }
    const shelved = must(await shelf.take(own))
    return must(await makeTrainingRun(engine, own, must(planContenders(own, shelved.dataset)), shelved))
  }

  test('synchronizes every k steps, proves it each time, and measures LaPerm only then', async () => {
    const run = await begin({ lookahead: true })
    await run.begin()
    for (let step = 1; step <= 24; step++) {
      await run.advance()
      expect(run.isSynced()).toBe(step % 7 === 0)
    }
    const { losses, syncs, evaluations, distances, proof, stepsSinceSync } = run.report()
    expect(losses.map(({ step }) => step)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1))
    expect(syncs).toEqual([7, 14, 21])
    // The first synchronization that is at least 20 steps from the last evaluation is that of step 21.
    const stepsOf = (name: string) =>
      evaluations.flatMap(({ optimizer, step }) => (optimizer === name ? [step] : []))
    expect([stepsOf('laperm'), stepsOf('adam'), stepsOf('lookahead')]).toEqual([
      [0, 21],
      [0, 20],
      [0, 20],
    ])
    expect(distances.map(({ step }) => step)).toEqual([10, 20])
    expect(distances.every(({ value }) => value > 0 && value < 1)).toBe(true)
    expect(stepsSinceSync).toBe(3)
    expect(proof).toMatchObject({ step: 21, weightVectors: 202, permutedVectors: 202, difference: null })
    expect(proof?.movedWeights).toBeGreaterThan(50_000)
    // All three see the same first batch with the same weights.
    const [{ values }] = losses
    expect(values.adam).toBe(values.laperm)
    expect(values.lookahead).toBe(values.laperm)
    expect(run.report().losses).toEqual([])
    // Each synchronization can be gone back to; between two the one before is what there was.
    const first = run.at(8)
    expect(first.step).toBe(7)
    expect(proveRun(networkOf(settings), first.params, 7)).toMatchObject({ permutedVectors: 202 })
    expect(run.at(24).params).toEqual((await run.weights('laperm')).params)
    expect(run.at(0).params).toEqual(run.initial)
    // What is kept is a synchronization's, not the present step's.
    expect((await run.weights('laperm')).step).toBe(21)
    expect((await run.weights('adam')).step).toBe(24)
    await run.dispose()
  })

  test('stops when a loss is no longer a number, and says whose', async () => {
    const run = await begin({ learningRate: 1e15 })
    let result = await run.advance()
    for (let step = 1; step < 20 && result.kind === 'advanced'; step++) result = await run.advance()
    // The same first batches: LaPerm and Adam part ways at the first synchronization only.
    expect(result).toMatchObject({ kind: 'diverged', contenders: expect.arrayContaining(['laperm', 'adam']) })
    await run.dispose()
  })
})

describe('the proof', () => {
  const network = networkOf(settings)

  test('finds one weight that was changed by the smallest amount there is', () => {
    const trained = drawInitialParams(network)
    expect(proveRun(network, trained, 20)).toMatchObject({ permutedVectors: 202, movedWeights: 0 })
    const bits = new Uint32Array(trained[1].values.buffer)
    bits[70] ^= 1
    const proof = proveRun(network, trained, 20)
    expect(proof.permutedVectors).toBe(201)
    expect(proof.difference).toMatch(/Vector 6 of dense2\/kernel is no permutation of the initial one/)
  })

  test('names what no permutation binds', () => {
    const mlp = networkOf({ ...settings, model: 'mlp' })
    expect(proveRun(mlp, drawInitialParams(mlp), 20).free).toEqual([{ role: 'bias', weights: 210 }])
    expect(proveRun(network, drawInitialParams(network), 20).free).toEqual([])
  })

  test('fails for the weights of another seed', () => {
    const { permutedVectors } = proveRun(network, drawInitialParams(networkOf({ ...settings, seed: 2 })), 20)
    expect(permutedVectors).toBe(0)
  })
})
