/** LaPerm on TensorFlow's own runtime: what it adds to a step, and its synchronization beside the authors' way on the same TensorFlow. */
import { makeCudaBackend, makeNodeBackend } from '@laperm/backend-node'
import {
  type ImmediateTensorOperations,
  initializeParams,
  renderError,
  weightVectorsSize,
} from '@laperm/core'
import { renderEngineError } from '@laperm/engine'
import { makeTensorFlowEngine } from '@laperm/engine-tfjs/tensorflow'
import { type InferredModel, inferShapes, zoo } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { type Contender, interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import type { Spread } from '../harness/statistics.ts'
import { makeEngineTrainer } from '../train/engine-trainer.ts'
import { authorsSync } from './authors-sync.ts'

const batchSize = 50
const syncPeriod = 20

const inferredConv7 = (): InferredModel => {
  const inferred = inferShapes(zoo.conv7)
  if (E.isLeft(inferred)) throw new Error('conv7 does not infer')
  return inferred.right
}

type Sync = (sorted: tf.Tensor2D, w: tf.Tensor2D) => tf.Tensor2D

type KernelPairs = readonly (readonly [tf.Tensor2D, tf.Tensor2D])[]

/** Conv7's kernels as columns: theta_sorted, and weights of another seed to be ranked. */
const kernelTensors = (operations: ImmediateTensorOperations<tf.Tensor>): KernelPairs => {
  const { parameters } = inferredConv7()
  const [initial, trained] = [1, 2].map((seed) => initializeParams(parameters, seed))
  return initial.flatMap(({ role, shape, values }, i): (readonly [tf.Tensor2D, tf.Tensor2D])[] => {
    if (role !== 'kernel') return []
    const { length, count } = weightVectorsSize(shape)
    const first = tf.tensor2d(values, [length, count])
    return [[operations.sort(first), tf.tensor2d(trained[i].values, [length, count])]]
  })
}

const assertEqual = (pairs: KernelPairs, sync: Sync): void => {
  for (const [sorted, w] of pairs) {
    const [ours, theirs] = [sync(sorted, w), authorsSync(sorted, w)].map((each) => each.dataSync())
    if (ours.some((value, i) => value !== theirs[i])) throw new Error('the two ways of synchronizing differ')
  }
}

const syncContender = (name: string, pairs: KernelPairs, sync: Sync): Contender => ({
  name,
  measure: async () => {
    const start = performance.now()
    for (const [sorted, w] of pairs) {
      const result = sync(sorted, w)
      await result.data()
      result.dispose()
    }
    return performance.now() - start
  },
})

const render = ({ median, low, high }: Spread, per: number): string =>
  `${(median / per).toFixed(2)} (${(low / per).toFixed(2)}-${(high / per).toFixed(2)})`

/** Measure on tfjs-node, or on CUDA through tfjs-node-gpu. */
export const measureTensorFlow = async (options: {
  readonly cuda: boolean
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const made = await makeTensorFlowEngine({ package: options.cuda ? 'tfjs-node-gpu' : 'tfjs-node' })()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const workload = { model: zoo.conv7, batchSize, threads: 0 }
  const trainer = await makeEngineTrainer(made.right, 'engine-tfjs', workload)
  const steps = (name: string, period: number): Contender => ({
    name,
    measure: () => trainer.trainSteps(syncPeriod, period),
  })
  const stepNames = ['Adam alone', `LaPerm k=${syncPeriod}`] as const
  const stepTimes = await interleave([steps(stepNames[0], 0), steps(stepNames[1], syncPeriod)], {
    rounds: options.rounds,
    warmup: 2,
  })
  await trainer.stop()
  const backend = await (options.cuda ? makeCudaBackend() : makeNodeBackend())()
  if (E.isLeft(backend)) throw new Error(renderError(backend.left))
  const { tensors } = backend.right
  const pairs = kernelTensors(tensors)
  assertEqual(pairs, tensors.sync)
  const syncNames = ['backend-node', "the authors' way: argsort(argsort) + gather_nd"] as const
  const syncTimes = await interleave(
    [syncContender(syncNames[0], pairs, tensors.sync), syncContender(syncNames[1], pairs, authorsSync)],
    { rounds: options.rounds * 3, warmup: 3 },
  )
  const row = (
    what: string,
    names: readonly [string, string],
    times: ReadonlyMap<string, Spread>,
    per: number,
  ): readonly (readonly string[])[] => {
    const base = times.get(names[0])
    return names.map((name) => {
      const time = times.get(name)
      if (time === undefined || base === undefined) throw new Error(`${name} was not measured`)
      return [what, name, render(time, per), (time.median / base.median).toFixed(3)]
    })
  }
  writeJson(options.json, { step: Object.fromEntries(stepTimes), sync: Object.fromEntries(syncTimes) })
  return renderTable({
    title: "On TensorFlow's own runtime",
    header: ['what', 'how', 'ms, median (quartiles)', 'ratio to the first'],
    rows: [
      ...row(`Conv7 step, batch ${batchSize}`, stepNames, stepTimes, syncPeriod),
      ...row("synchronize Conv7's kernels", syncNames, syncTimes, 1),
    ],
    notes: [
      `${made.right.describe}; turns interleaved, ${options.rounds} and ${options.rounds * 3} rounds; both ways of synchronizing gave the same bits.`,
    ],
  })
}
