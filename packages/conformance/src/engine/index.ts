/** Prove an engine: laws, the float64 reference that losses are held against, and the networks, weights and batches of the laws. */
export {
  checkEngine,
  type EngineCheckOptions,
  type EngineLawName,
  type EngineLawReport,
  type EngineReport,
  engineLawNames,
  type LeftOutLaw,
  renderEngineReport,
} from './check-engine.ts'
export { softmaxCrossEntropy64 } from './cross-entropy64.ts'
export { makeBatch, makeParams } from './make-params.ts'
export { differentiateNetwork, type NetworkGradients } from './network64.ts'
export { randomValues } from './random-values.ts'
export { referenceLosses } from './reference-losses.ts'
export { relativeError } from './relative-error.ts'
export {
  convNet,
  denseNet,
  everyLayerNet,
  flattenedDenseNet,
  makeModel,
  poolFirstNet,
  wideNet,
} from './sample-models.ts'
export type { TornStep } from './torn-step.ts'
