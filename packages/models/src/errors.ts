/** What can be wrong with a model, as tagged records; every one names the layer. */

/** A layer that cannot be: a setting outside its rule, or an input of the wrong shape. */
export interface InvalidLayer {
  readonly _tag: 'InvalidLayer'
  readonly model: string
  /** The layer's name, as in the parameter inventory: `conv3`, `dense1`. */
  readonly layer: string
  readonly reason: string
}

/** A model that the data, the loss or the engine cannot take as a whole. */
export interface InvalidModel {
  readonly _tag: 'InvalidModel'
  readonly model: string
  readonly reason: string
}

/** Every tagged error of this package. */
export type ModelError = InvalidLayer | InvalidModel

/** Make an {@link InvalidLayer}. */
export const invalidLayer = (model: string, layer: string, reason: string): InvalidLayer => ({
  _tag: 'InvalidLayer',
  model,
  layer,
  reason,
})

/** Make an {@link InvalidModel}. */
export const invalidModel = (model: string, reason: string): InvalidModel => ({
  _tag: 'InvalidModel',
  model,
  reason,
})

/** The error as a sentence for people. */
export const renderModelError = (error: ModelError): string =>
  error._tag === 'InvalidLayer'
    ? `Model ${error.model}, layer ${error.layer}: ${error.reason}.`
    : `Model ${error.model}: ${error.reason}.`
