/** Why an engine cannot be used: here, or for this model. */

/** An engine that cannot run here, or not this model. */
export type EngineError =
  | {
      readonly _tag: 'EngineUnavailable'
      readonly engine: string
      readonly reason: string
      readonly remedy: string
    }
  | {
      readonly _tag: 'UnsupportedModel'
      readonly engine: string
      readonly model: string
      readonly layer: string
      readonly reason: string
    }

/** The error as a sentence for people. */
export const renderEngineError = (error: EngineError): string =>
  error._tag === 'EngineUnavailable'
    ? `Engine ${error.engine} cannot run here: ${error.reason}. ${error.remedy}`
    : `Engine ${error.engine} cannot train ${error.model}, layer ${error.layer}: ${error.reason}.`
