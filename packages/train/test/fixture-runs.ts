/** Small runs for tests: an experiment, a data set and what happened. */
import { createHash } from 'node:crypto'
import type { Params } from '@laperm/core'
import { type Dataset, makeDigits } from '@laperm/data'
import type { Engine } from '@laperm/engine'
import { either as E } from 'fp-ts'
import {
  type Experiment,
  type ExperimentSettings,
  renderTrainError,
  resolveExperiment,
  type TrainContext,
  type TrainEvent,
  type TrainOutcome,
  trainExperiment,
} from '../src/index.ts'
import { makeDenseEngine } from './dense-engine.ts'

/** 10 batches of 50, the last epoch's included; 200 test images. */
export const smallDigits: Dataset = makeDigits(1, { train: 500, test: 200 })

export const experimentOf = (settings: Partial<ExperimentSettings>): Experiment => {
  const resolved = resolveExperiment({
    // One layer from He's initializer: small, and its weights move within a few steps.
    model: 'f1',
    initializer: { kind: 'heUniform' },
    sparsity: { kind: 'none' },
    dataset: 'digits',
    batchSize: 50,
    epochs: 2,
    outer:
      settings.optimizer === 'adam' || settings.optimizer === 'sgd'
        ? {}
        : { syncPeriod: { kind: 'constant', period: 5 } },
    ...settings,
  })
  if (E.isLeft(resolved)) throw new Error(renderTrainError(resolved.left))
  return resolved.right
}

/** Train, collecting every event. */
export const runOf = async (
  experiment: Experiment,
  context: Partial<TrainContext> = {},
  engine: Engine = makeDenseEngine(),
): Promise<{ readonly outcome: TrainOutcome; readonly events: readonly TrainEvent[] }> => {
  const events: TrainEvent[] = []
  const result = await trainExperiment(experiment, {
    engine,
    dataset: smallDigits,
    ...context,
    observe: (event) => {
      events.push(event)
      return context.observe?.(event)
    },
  })()
  if (E.isLeft(result)) throw new Error(renderTrainError(result.left))
  return { outcome: result.right, events }
}

/** The events of one kind. */
export const eventsOf = <Kind extends TrainEvent['kind']>(
  events: readonly TrainEvent[],
  kind: Kind,
): readonly Extract<TrainEvent, { readonly kind: Kind }>[] =>
  events.filter((event): event is Extract<TrainEvent, { readonly kind: Kind }> => event.kind === kind)

/** Equal exactly for equal bits: comparing arrays of this size element by element would be most of a test's time. */
export const fingerprint = (params: Params | null): string => {
  const hash = createHash('sha256')
  for (const { name, values } of params ?? []) hash.update(name).update(new Uint8Array(values.slice().buffer))
  return hash.digest('hex')
}
