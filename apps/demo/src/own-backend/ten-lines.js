import { makeDigits } from '@laperm/data'
import { makeWasmEngine } from '@laperm/engine-tfjs/wasm'
import { resolveExperiment, trainExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'

const must = E.getOrElse((error) => {
  throw new Error(JSON.stringify(error))
})
const initializer = { kind: 'sharedValue', value: 0.08 }
const settings = {
  model: 'f1',
  dataset: 'digits',
  initializer,
  sparsity: 0.4,
  outer: { syncPeriod: 20 },
  epochs: 2,
}
const experiment = must(
  resolveExperiment({ ...settings, normalization: 'unit-minus-mean', batchSize: 64, learningRate: 0.005 }),
)
const dataset = makeDigits(1, { train: 6000, test: 1000 })
const { best, proof } = must(
  await trainExperiment(experiment, { engine: must(await makeWasmEngine()()), dataset })(),
)
export const learned = { accuracy: best.accuracy, isPermutation: proof.isPermutation }
