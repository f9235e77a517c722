/**
 * A page of somebody who installed the packages: core and the kernel synchronize alike, an engine trains digits on tfjs's WebAssembly backend, and the tfjs
 * optimizer a variable. Its title says what came of it.
 */
import { makeWasmBackend } from '@laperm/backend-wasm'
import { adamSpec, checkPermutations, initializeParams, sync } from '@laperm/core'
import { makeDigits, makeInlineBatchSource, makeNormalizer } from '@laperm/data'
import { orThrow } from '@laperm/engine'
import { makeWasmEngine } from '@laperm/engine-tfjs/wasm'
import { decodeSafetensors, encodeSafetensors } from '@laperm/formats'
import { inferShapes, zoo } from '@laperm/models'
import { laperm } from '@laperm/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { wasmPaths } from './wasm-paths.js'

const right = (either, what) => {
  if (either._tag === 'Right') return either.right
  throw new Error(`${what}: ${JSON.stringify(either.left)}`)
}

const assert = (holds, what) => {
  if (!holds) throw new Error(what)
}

const trySync = async () => {
  const { wasmSync } = right(await makeWasmBackend()(), 'kernel')
  const of = (values) => ({ values: Float32Array.from(values), length: 3, count: 2 })
  const [sorted, weights] = [of([-1, 3, 0.5, 4, 2, 5]), of([0.9, 0.2, -0.3, 0.3, 0.1, 0.1])]
  const byCore = right(sync(sorted, weights), 'core')
  wasmSync.syncInto(sorted, weights, weights.values)
  assert(byCore.values.join() === weights.values.join(), `${byCore.values} is not ${weights.values}`)
}

const tryEngine = async (threads) => {
  const engine = right(await makeWasmEngine({ threads, wasmPaths })(), 'engine')
  const inferred = right(inferShapes(zoo.f1), 'model')
  const session = right(
    await engine.compile(inferred, {
      loss: 'softmaxCrossEntropy',
      innerOptimizer: adamSpec,
      outerUpdate: { kind: 'permute', roles: ['kernel'] },
      batchSize: 10,
      seed: 1,
    })(),
    'session',
  )
  const initial = initializeParams(inferred.parameters, 1)
  await orThrow(session.initialize(initial))
  const { train, inputShape } = makeDigits(1, { train: 20, test: 10 })
  const { statistics: normalization } = makeNormalizer('unit', train, inputShape)
  const job = { examples: train, inputShape, normalization, batchSize: 10, seed: 1 }
  const batches = makeInlineBatchSource({ ...job, firstEpoch: 0, firstBatch: 0, endEpoch: 1 })
  for (let step = 1; step <= 2; step++) await orThrow(session.trainStep(await batches.next(), 1e-3, step))
  await orThrow(session.sync())
  const params = await orThrow(session.readParams())
  await session.dispose()
  assert(checkPermutations(initial, params, ['kernel']).isPermutation, 'trained weights are no permutation')
  const file = encodeSafetensors([{ ...params[0] }], {})
  assert(right(decodeSafetensors('a', file), 'file').tensors[0].values.length === 7840, 'file')
  return engine.describe
}

const tryOptimizer = () => {
  const weights = tf.variable(tf.tensor2d([3, 1, 2, 6, 5, 4], [3, 2]))
  const optimizer = laperm(tf.train.sgd(0.1), { syncPeriod: 1, onWarning: () => {} })
  optimizer.minimize(() => tf.sum(tf.mul(weights, tf.tensor2d([9, 0, 0, 9, 0, 0], [3, 2]))), false, [weights])
  const values = [...weights.dataSync()].sort()
  assert(values.join() === '1,2,3,4,5,6', `the optimizer left ${values}`)
}

const threads = Number(new URLSearchParams(location.search).get('threads') ?? 1)
trySync()
  .then(() => tryEngine(threads))
  .then((describe) => {
    tryOptimizer()
    document.title = `done: ${describe}`
  })
  .catch((error) => {
    document.title = `failed: ${error.message}`
  })
