/** Nothing of a call is kept when it has ended, however long its device lives. */
import { everyLayerNet, makeBatch } from '@laperm/conformance/engine'
import { type Engine, orThrow } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { countKept } from '../../../test/collect-garbage.ts'
import { makeHostTensorOperations, makeTfjsEngine } from '../src/index.ts'
import { makeWasmEngine } from '../src/wasm.ts'
import { compile } from './losses.ts'

const started = await makeWasmEngine()()
if (E.isLeft(started)) throw new Error(JSON.stringify(started.left))
const host = await makeHostTensorOperations()()
if (E.isLeft(host)) throw new Error(host.left.reason)

/** The engine with a device that can be lost and never is, and all that its synchronizations gave. */
const watched = async () => {
  const synced: WeakRef<object>[] = []
  const operations: typeof host.right = {
    ...host.right,
    sync: async (sorted, w) => {
      const next = await host.right.sync(sorted, w)
      synced.push(new WeakRef(next))
      return next
    },
  }
  const lost = new Promise<string>(() => undefined)
  const made = await makeTfjsEngine({ name: 'wasm', operations, lost })()
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return { engine: made.right, synced }
}

const rounds = 200

/** How many of the answers of a session's calls are still there after the last one. */
const keptAnswers = async (engine: Engine): Promise<number> => {
  const refs: WeakRef<object>[] = []
  const session = await compile(engine, everyLayerNet)
  const batch = makeBatch(session.inferred, 4, 1)
  for (let step = 1; step <= rounds; step++) {
    refs.push(new WeakRef(await orThrow(session.trainStep(batch, 1e-3, step))))
    await orThrow(session.sync())
    refs.push(new WeakRef(await orThrow(session.evaluate(batch))))
    for (const { values } of await orThrow(session.readParams())) refs.push(new WeakRef(values))
  }
  // The session lives on: what it keeps counts.
  const kept = await countKept(refs)
  expect(refs.length).toBeGreaterThan(10 * rounds)
  await session.dispose()
  return kept
}

test('engine wasm keeps no answer of its calls', async () => {
  expect(await keptAnswers(started.right)).toBeLessThan(30)
})

test('an engine whose device is watched keeps no answer of its calls, and no tensor of its synchronizations', async () => {
  const { engine, synced } = await watched()
  expect(await keptAnswers(engine)).toBeLessThan(30)
  expect(synced.length).toBeGreaterThan(5 * rounds)
  expect(await countKept(synced)).toBeLessThan(60)
})
