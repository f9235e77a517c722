/** Weights as numbers: profiles of weight vectors and how similar they are. Pure; in pages and in Node. */
export { finiteVectors, type LayerProfile, profileLayer } from './layer-profile.ts'
export { type ProfileCurves, profileCurves, quantileShares } from './profile-curves.ts'
export { type SimilarityControls, similarityControls } from './similarity-controls.ts'
export { type ValueMoments, valueMoments } from './value-moments.ts'
export { type WeightProfile, weightProfile } from './weight-profile.ts'
