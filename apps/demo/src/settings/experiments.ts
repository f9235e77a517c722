/** What a run of the demo trains: an experiment a contender, the same but for the optimizer, and theta_0 of them all. */
import {
  type Experiment,
  type ExperimentSettings,
  inferExperiment,
  type RunPlan,
  renderTrainError,
  resolveExperiment,
} from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { demoModels } from './demo-models.ts'
import { type ContenderName, initializerOf, type RunSettings } from './run-settings.ts'

/** What the visitor's data are called. */
export const filesTitle = 'your files'

/** A run has no end of its own: it goes on for as long as somebody watches. The most epochs that an experiment may have. */
const endless = 1e9

const outerOf = (
  contender: ContenderName,
  { syncPeriod, lookaheadPeriod, slowStepSize }: RunSettings,
): ExperimentSettings['outer'] => {
  switch (contender) {
    case 'laperm':
      return { syncPeriod }
    case 'adam':
      return undefined
    case 'lookahead':
      return { syncPeriod: lookaheadPeriod, slowStepSize }
    default:
      return contender satisfies never
  }
}

/**
 * A contender's experiment.
 *
 * @param trainExamples of the data, where there are data already: a batch is not larger.
 */
export const experimentOf = (
  contender: ContenderName,
  settings: RunSettings,
  trainExamples = Number.POSITIVE_INFINITY,
): Experiment => {
  const { model, data, inputs, sparsity, learningRate, seed, backend } = settings
  return F.pipe(
    resolveExperiment({
      model: demoModels[model].model,
      dataset: data === 'digits' ? data : { name: filesTitle },
      normalization: inputs,
      augmentation: null,
      initializer: initializerOf(settings),
      sparsity,
      optimizer: contender,
      outer: outerOf(contender, settings),
      epochs: endless,
      batchSize: Math.min(settings.batchSize, trainExamples),
      learningRate: { kind: 'constant', value: learningRate },
      seed,
      engine: backend,
    }),
    E.getOrElseW((error) => {
      // Every setting was read by the rule of its field.
      throw new TypeError(renderTrainError(error))
    }),
  )
}

/** A network with its shapes, which is all that theta_0 is drawn from: `drawInitialParams` of `@laperm/train` takes it. */
export type Network = Pick<RunPlan, 'experiment' | 'inferred'>

/** A contender's network; all begin with the same weights. Needs no data, so that a preview and a proof can draw theta_0 from it. */
export const networkOf = (settings: RunSettings, contender: ContenderName = 'laperm'): Network => {
  const experiment = experimentOf(contender, settings)
  return F.pipe(
    inferExperiment(experiment),
    E.map((inferred) => ({ experiment, inferred })),
    E.getOrElseW((error) => {
      throw new TypeError(renderTrainError(error))
    }),
  )
}
