/** Where a value stands in a model that is being parsed, and how it is refused there. */
import { ModelProblem } from '../errors.ts'

/** A place in a model. */
export interface Place {
  /** Name of the model; empty where it has none. */
  readonly model: string
  /** As a person would write it in code: `layers[3].kernelSize[0]`; empty for the model itself. */
  readonly path: string
  /** Layers that it lies in. */
  readonly depth: number
  /** Counts one more layer of the model, wherever it lies, and gives how many there are. */
  readonly countLayer: () => number
}

/** The model itself: where its parsing begins. */
export const rootPlace = (model: string): Place => {
  let layers = 0
  return { model, path: '', depth: 0, countLayer: () => ++layers }
}

/** The place of a record's key. */
export const placeOfKey = (place: Place, key: string): Place => ({
  ...place,
  path: place.path === '' ? key : `${place.path}.${key}`,
})

/** The place of a list's item. */
export const placeOfItem = (place: Place, index: number): Place => ({
  ...place,
  path: `${place.path}[${index}]`,
})

const longestText = 40

const shorten = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText)}...` : text

/** A value as short text; what a list or a record holds is left out. */
export const show = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return JSON.stringify(shorten(value))
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a record'
  if (typeof value === 'function') return 'a function'
  return shorten(String(value))
}

/** Stop, with a reason in full. */
export const refuseBecause = ({ model, path }: Place, value: unknown, reason: string): never => {
  throw new ModelProblem({ _tag: 'InvalidModel', model, path, value: show(value), reason })
}

/** Stop, because the value is not what the rule says; `says` completes "must be ...". */
export const refuse = (place: Place, value: unknown, says: string): never =>
  refuseBecause(
    place,
    value,
    `${place.path === '' ? 'it' : place.path} is ${show(value)}, but must be ${says}`,
  )
