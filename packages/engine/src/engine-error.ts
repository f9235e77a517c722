/** Why an engine cannot be used: here, or for this model. */
import { neutralRemedies, type Remedy, type RemedyWords, renderRemedy } from '@laperm/core'

/** An engine that cannot run here. */
export interface EngineUnavailable {
  readonly _tag: 'EngineUnavailable'
  readonly engine: string
  readonly reason: string
  readonly remedy: Remedy
}

/** A model that an engine cannot train. */
export interface UnsupportedModel {
  readonly _tag: 'UnsupportedModel'
  readonly engine: string
  readonly model: string
  readonly layer: string
  readonly reason: string
}

/** An engine that cannot run here, or not this model. */
export type EngineError = EngineUnavailable | UnsupportedModel

/** Make an {@link EngineUnavailable}. @param remedy a sentence is advice. */
export const engineUnavailable = (
  engine: string,
  reason: string,
  remedy: Remedy | string,
): EngineUnavailable => ({
  _tag: 'EngineUnavailable',
  engine,
  reason,
  remedy: typeof remedy === 'string' ? { kind: 'advice', text: remedy } : remedy,
})

/** Make an {@link UnsupportedModel}. */
export const unsupportedModel = (
  engine: string,
  model: string,
  layer: string,
  reason: string,
): UnsupportedModel => ({ _tag: 'UnsupportedModel', engine, model, layer, reason })

/**
 * The error as a sentence for people.
 *
 * @param words an app's for remedies.
 */
export const renderEngineError = (error: EngineError, words: RemedyWords = neutralRemedies): string =>
  error._tag === 'EngineUnavailable'
    ? `Engine ${error.engine} cannot run here: ${error.reason}. ${renderRemedy(error.remedy, words)}`
    : `Engine ${error.engine} cannot train ${error.model}, layer ${error.layer}: ${error.reason}.`
