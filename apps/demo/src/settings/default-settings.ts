/** The settings that nobody set: train's where a field's default is everybody's, the page's own where it has to be quick. */
import { renderTrainError, resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { RunSettings } from './run-settings.ts'

/** Lookahead as `laperm train` would take it. */
const usual = (): Pick<RunSettings, 'seed' | 'lookaheadPeriod' | 'slowStepSize'> => {
  const resolved = resolveExperiment({ model: 'f2', optimizer: 'lookahead' })
  if (E.isLeft(resolved)) throw new TypeError(renderTrainError(resolved.left))
  const { seed, outer } = resolved.right
  if (outer.kind !== 'lookahead' || outer.syncPeriod.kind !== 'constant')
    throw new TypeError('Lookahead has a constant sync period')
  return { seed, lookaheadPeriod: outer.syncPeriod.period, slowStepSize: outer.slowStepSize }
}

/** Shows what the page is about within a minute on any machine. */
export const defaultSettings: RunSettings = {
  model: 'f2',
  data: 'digits',
  backend: 'wasm',
  software: false,
  syncPeriod: 20,
  sparsity: 0,
  distribution: 'heUniform',
  sharedValue: 0.03,
  learningRate: 1e-3,
  batchSize: 64,
  lookahead: false,
  inputs: 'unit',
  steps: 1000,
  ...usual(),
}
