/**
 * Every kind of layer there is. A new one is a file of this folder and its lines here; the compiler then names every interpreter that
 * lacks it.
 */
import { layerRuleOf, layersRuleOf } from '../parse/layer-rule.ts'
import type { Rule } from '../parse/rule.ts'
import { avgPool2dKind } from './avg-pool2d.ts'
import { batchNormKind } from './batch-norm.ts'
import { conv2dKind } from './conv2d.ts'
import { denseKind } from './dense.ts'
import { dropoutKind } from './dropout.ts'
import { flattenKind } from './flatten.ts'
import type { LayerKind } from './layer-kind.ts'
import { maxPool2dKind } from './max-pool2d.ts'
import { reluKind } from './relu.ts'
import { type ResidualLayer, residualKindOf } from './residual.ts'
import { softmaxKind } from './softmax.ts'

export { type AvgPool2dLayer, avgPool2d } from './avg-pool2d.ts'
export { type BatchNormLayer, batchNorm } from './batch-norm.ts'
export { type Conv2dLayer, conv2d } from './conv2d.ts'
export { type DenseLayer, dense } from './dense.ts'
export { type DropoutLayer, dropout } from './dropout.ts'
export { type FlattenLayer, flatten } from './flatten.ts'
export { type MaxPool2dLayer, maxPool2d } from './max-pool2d.ts'
export { type ReluLayer, relu } from './relu.ts'
export { type ResidualLayer, residual } from './residual.ts'
export { type SoftmaxLayer, softmax } from './softmax.ts'

/** The kinds whose layers hold no layers. */
const simpleKinds = {
  conv2d: conv2dKind,
  dense: denseKind,
  batchNorm: batchNormKind,
  relu: reluKind,
  maxPool2d: maxPool2dKind,
  avgPool2d: avgPool2dKind,
  flatten: flattenKind,
  dropout: dropoutKind,
  softmax: softmaxKind,
}

type LayerOfKind<Kind> = Kind extends LayerKind<infer L> ? L : never
type SimpleLayer = LayerOfKind<(typeof simpleKinds)[keyof typeof simpleKinds]>

/** Everything a model can be made of. */
export type Layer = SimpleLayer | ResidualLayer<Layer>
/** `conv2d`, `dense`, ... */
export type LayerKindName = Layer['kind']
/** The layer of each kind. */
export type LayersByKind = { readonly [Name in LayerKindName]: Extract<Layer, { readonly kind: Name }> }

/** A function for every kind of layer: what an interpreter of models is. `Site` is what it needs beside the layer. */
export type LayerTable<Site, Result> = {
  readonly [Name in LayerKindName]: (layer: LayersByKind[Name], site: Site) => Result
}

/** The layer whose kind has this name, for functions that are generic in it. */
export type LayerNamed<Name extends LayerKindName> = {
  [Each in Name]: LayersByKind[Each] & { readonly kind: Each }
}[Name]

/** Apply a table's function for the layer's kind. */
export const interpretLayer = <Name extends LayerKindName, Site, Result>(
  table: LayerTable<Site, Result>,
  layer: LayerNamed<Name>,
  site: Site,
): Result => table[layer.kind](layer, site)

/** A list of layers; the rule of what holds layers, which are of every kind, so that it asks for the kinds only when it parses. */
export const layersRule: Rule<readonly Layer[]> = layersRuleOf(layerRuleOf<LayersByKind>(() => layerKinds))

/** The kinds by name: settings, base name, rule of shapes. */
export const layerKinds: { readonly [Name in LayerKindName]: LayerKind<LayersByKind[Name], Layer> } = {
  ...simpleKinds,
  residual: residualKindOf(layersRule),
}
/** All names, in the order of {@link layerKinds}. */
export const layerKindNames = Object.keys(layerKinds) as readonly LayerKindName[]
