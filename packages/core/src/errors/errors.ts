/**
 * Everything that can go wrong at the boundary, as tagged plain records, and one renderer for people.
 *
 * Programmer errors (a buffer of the wrong length handed to an `into` function) are not here: they throw `RangeError`.
 */

/** A shape that is none, or that does not hold as many elements as there are values. */
export interface InvalidShape {
  readonly _tag: 'InvalidShape'
  readonly shape: readonly number[]
  /** How many values there were. */
  readonly actual: number
}

/** A weight is NaN: training has diverged, and nothing may be permuted by it. */
export interface Diverged {
  readonly _tag: 'Diverged'
  /** Name of the variable, `''` when the caller gave none. */
  readonly variable: string
  /** Index of the weight vector (the neuron). */
  readonly vector: number
  /** Index of the weight within its vector. */
  readonly index: number
}

/** Two things that must have the same size do not. */
export interface SizeMismatch {
  readonly _tag: 'SizeMismatch'
  readonly what: string
  readonly expected: string
  readonly actual: string
}

/** A setting outside its rule: a sync period of 0, a sparsity of 1. */
export interface InvalidSetting {
  readonly _tag: 'InvalidSetting'
  readonly setting: string
  readonly value: string
  readonly rule: string
}

/** A name that there is none of: a kind of schedule, a setting of it. */
export interface UnknownSetting {
  readonly _tag: 'UnknownSetting'
  /** What is named, for people: `kind of learningRate`. */
  readonly what: string
  readonly name: string
  readonly known: readonly string[]
}

/**
 * What to do about a backend or an engine that cannot run here. The tags that an app can put into its own words are rendered by
 * {@link renderRemedy}; advice is a sentence about this machine.
 */
export type Remedy =
  /** Only a software device was found: allow it, or use another backend. */
  | { readonly kind: 'allowSoftware' }
  /** There is no device: install a driver. */
  | { readonly kind: 'installDriver' }
  /** Nothing helps on this device: use another backend. */
  | { readonly kind: 'otherBackend' }
  | { readonly kind: 'advice'; readonly text: string }

/** An app's words for each tag of {@link Remedy}. */
export type RemedyWords = Readonly<Record<Exclude<Remedy['kind'], 'advice'>, string>>

/** A remedy for those who call functions. */
export const neutralRemedies: RemedyWords = {
  allowSoftware: 'Pass { allowSoftware: true } to use it all the same, or use another backend.',
  installDriver:
    'In a browser enable hardware acceleration; in Node install a Vulkan, Metal or D3D12 driver, or set VK_ICD_FILENAMES to a software driver and pass { allowSoftware: true }.',
  otherBackend: 'Use another backend on this device.',
}

/** A remedy as a sentence, in an app's words or the neutral ones. */
export const renderRemedy = (remedy: Remedy, words: RemedyWords = neutralRemedies): string =>
  remedy.kind === 'advice' ? remedy.text : words[remedy.kind]

/** A backend that cannot run here, with the reason and the remedy. */
export interface BackendUnavailable {
  readonly _tag: 'BackendUnavailable'
  readonly backend: string
  readonly reason: string
  readonly remedy: Remedy
}

/** Every tagged error of this package. */
export type LaPermError =
  | InvalidShape
  | Diverged
  | SizeMismatch
  | InvalidSetting
  | UnknownSetting
  | BackendUnavailable

/** Make an {@link InvalidShape}. */
export const invalidShape = (shape: readonly number[], actual: number): InvalidShape => ({
  _tag: 'InvalidShape',
  shape,
  actual,
})

/** Make a {@link Diverged}. */
export const diverged = (variable: string, vector: number, index: number): Diverged => ({
  _tag: 'Diverged',
  variable,
  vector,
  index,
})

/** Make a {@link SizeMismatch}. */
export const sizeMismatch = (what: string, expected: string, actual: string): SizeMismatch => ({
  _tag: 'SizeMismatch',
  what,
  expected,
  actual,
})

/** Make an {@link InvalidSetting}. */
export const invalidSetting = (setting: string, value: unknown, rule: string): InvalidSetting => ({
  _tag: 'InvalidSetting',
  setting,
  value: String(value),
  rule,
})

/** Make an {@link UnknownSetting}. */
export const unknownSetting = (what: string, name: string, known: readonly string[]): UnknownSetting => ({
  _tag: 'UnknownSetting',
  what,
  name,
  known,
})

/** Make a {@link BackendUnavailable}. @param remedy a sentence is advice. */
export const backendUnavailable = (
  backend: string,
  reason: string,
  remedy: Remedy | string,
): BackendUnavailable => ({
  _tag: 'BackendUnavailable',
  backend,
  reason,
  remedy: typeof remedy === 'string' ? { kind: 'advice', text: remedy } : remedy,
})

/** A {@link Diverged} as sentences. Apart from {@link renderError}, so that a bundle that only synchronizes has no other text. */
export const renderDiverged = ({ vector, index, variable }: Diverged): string =>
  `Training has diverged: weight ${index} of vector ${vector}${variable === '' ? '' : ` of ${variable}`} is NaN. Nothing was permuted. Try a lower learning rate.`

/** A {@link SizeMismatch} as a sentence, apart for the same reason. */
export const renderSizeMismatch = ({ what, expected, actual }: SizeMismatch): string =>
  `${what}: expected ${expected}, got ${actual}.`

/**
 * One error as one or two sentences for people: what was wrong, the value, the rule, what to do next.
 *
 * @param words an app's for remedies.
 */
export const renderError = (error: LaPermError, words: RemedyWords = neutralRemedies): string => {
  switch (error._tag) {
    case 'InvalidShape':
      return `Shape [${error.shape.join(', ')}] does not hold ${error.actual} values. Every axis must be a non-negative integer and their product the number of values.`
    case 'Diverged':
      return renderDiverged(error)
    case 'SizeMismatch':
      return renderSizeMismatch(error)
    case 'InvalidSetting':
      return `${error.setting} is ${error.value}, but ${error.rule}.`
    case 'UnknownSetting':
      return `There is no ${error.what} called '${error.name}'. Known: ${error.known.join(', ')}.`
    case 'BackendUnavailable':
      return `Backend ${error.backend} cannot run here: ${error.reason}. ${renderRemedy(error.remedy, words)}`
    default:
      return error satisfies never
  }
}
