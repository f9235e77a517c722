/** What can be wrong with a model, as tagged records; every one says where and why. */
import { either as E } from 'fp-ts'

/** A setting that breaks its rule: a value of the wrong type or size, a missing key, an unknown one. */
export interface InvalidModel {
  readonly _tag: 'InvalidModel'
  /** Name of the model; empty where it has none. */
  readonly model: string
  /** Where the value stands in the model: `layers[3].kernelSize[0]`; empty for the model itself. */
  readonly path: string
  /** The value as short text: `0`, `"wide"`, `a list of 3`. */
  readonly value: string
  /** The rule with path and value: `layers[3].kernelSize[0] is 0, but must be a positive integer`. */
  readonly reason: string
}

/** A layer that does not fit where it stands: an input of the wrong shape, or too many weights. */
export interface InvalidLayer {
  readonly _tag: 'InvalidLayer'
  readonly model: string
  /** The layer's name, as in the parameter inventory: `conv3`, `dense1`. */
  readonly layer: string
  /** Where it stands in the model: `layers[3].body[0]`. */
  readonly path: string
  readonly reason: string
}

/** Every tagged error of this package. */
export type ModelError = InvalidModel | InvalidLayer

/** Carries a {@link ModelError} out of nested rules. Never leaves this package. */
export class ModelProblem extends Error {
  readonly problem: ModelError
  constructor(problem: ModelError) {
    super(problem.reason)
    this.problem = problem
  }
}

/** Run rules that throw; what they refuse becomes a `Left`. */
export const attempt = <A>(work: () => A): E.Either<ModelError, A> => {
  try {
    return E.right(work())
  } catch (error) {
    if (error instanceof ModelProblem) return E.left(error.problem)
    throw error
  }
}

/** The error as a sentence for people. */
export const renderModelError = (error: ModelError): string => {
  const model = error.model === '' ? 'Model' : `Model ${error.model}`
  // A reason that suggests a name is a question already.
  const reason = error.reason.endsWith('?') ? error.reason : `${error.reason}.`
  return error._tag === 'InvalidLayer'
    ? `${model}, layer ${error.layer} (${error.path}): ${reason}`
    : `${model}: ${reason}`
}
