/** Weights as numbers: profiles of weight vectors and how similar they are, what their locations hold, how far they moved. Pure; in pages and in Node. */
export {
  type CommonProfileKind,
  commonProfile,
  commonProfileKinds,
  normalQuantile,
} from './common-profile.ts'
export { type Decomposition, type DecompositionEnergy, decompose } from './decomposition.ts'
export { finiteVectors, type LayerProfile, profileLayer } from './layer-profile.ts'
export { countCycles, type LayerTrace, layerMoves, traceLayer } from './layer-trace.ts'
export { type ProfileCurves, profileCurves, quantileShares } from './profile-curves.ts'
export { locationsAlone, valuesAlone } from './shared-values.ts'
export { type SimilarityControls, similarityControls } from './similarity-controls.ts'
export { type ValueMoments, valueMoments } from './value-moments.ts'
export { type WeightProfile, weightProfile } from './weight-profile.ts'
