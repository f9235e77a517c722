export {
  type InvalidLayer,
  type InvalidModel,
  type ModelError,
  renderModelError,
} from './errors.ts'
export { inferShapes } from './infer-shapes.ts'
export type { InferredLayer, InferredModel } from './inventory.ts'
export type { Inference, LayerKind, LayerSite } from './layers/layer-kind.ts'
// The list of layers is explicit there, so that a layer is added in one place.
export * from './layers/layer-kinds.ts'
export { type Padding, type Size2d, windowOutputSize, windowPadding } from './layers/window.ts'
export type { Model } from './model.ts'
export { nearestName } from './nearest-name.ts'
export type { ModelInitializers, ParameterSpec } from './parameter-spec.ts'
export type { Place } from './parse/place.ts'
export type { Setting, SettingsOf } from './parse/record.ts'
export type { Rule } from './parse/rule.ts'
export { parseModel } from './parse-model.ts'
export { recipes, type ZooName, zoo, zooNames } from './zoo/zoo.ts'
export type { Recipe } from './zoo/zoo-network.ts'
