/** From the text behind a flag to the setting that it means. Rules of settings are not checked here: `resolveExperiment` does. */
import {
  adamSpec,
  type InitializerSpec,
  type InnerOptimizerSpec,
  momentumSpec,
  type SparsitySpec,
  type SyncPeriodSpec,
  sgdSpec,
} from '@laperm/core'
import type { AugmentationSpec } from '@laperm/data'
import { nearestName } from '@laperm/models'
import { InvalidArgumentError } from 'commander'

const didYouMean = (text: string, known: readonly string[]): string => {
  const nearest = nearestName(text, known)
  return `${nearest === null ? '' : `Did you mean '${nearest}'? `}Known: ${known.join(', ')}.`
}

/** @throws InvalidArgumentError for anything that is no number. */
export const parseNumber = (text: string): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw new InvalidArgumentError(`'${text}' is not a number.`)
  return value
}

/** `0.4` or `14/15`. */
const parseShare = (text: string): number => {
  const [numerator = '', denominator, ...rest] = text.split('/')
  if (rest.length > 0) throw new InvalidArgumentError(`'${text}' is not a number.`)
  return denominator === undefined
    ? parseNumber(numerator)
    : parseNumber(numerator) / parseNumber(denominator)
}

/** `250`, or `20,1000@5001`: 20, and 1000 from step 5001 on. */
export const parseSyncPeriod = (text: string): SyncPeriodSpec => {
  const parts = text.split(',')
  if (parts.length === 1 && !text.includes('@')) return { kind: 'constant', period: parseNumber(text) }
  return {
    kind: 'steps',
    periods: parts.map((part, index) => {
      const [period = '', fromStep, ...rest] = part.split('@')
      if (rest.length > 0 || (fromStep === undefined && index > 0))
        throw new InvalidArgumentError(`'${part}' is not a period and the step it begins at, like 1000@5001.`)
      return { fromStep: fromStep === undefined ? 1 : parseNumber(fromStep), period: parseNumber(period) }
    }),
  }
}

/** A single fraction pruned, by the paper's rule; a list with a fraction a kernel, taken literally. */
export const parseSparsity = (text: string): number | SparsitySpec =>
  text.includes(',') ? { kind: 'perKernel', fractions: text.split(',').map(parseShare) } : parseShare(text)

const initializers: Readonly<Record<string, InitializerSpec>> = {
  'he-uniform': { kind: 'heUniform' },
  'he-normal': { kind: 'heNormal' },
  'glorot-uniform': { kind: 'glorotUniform' },
  'glorot-normal': { kind: 'glorotNormal' },
  'lecun-uniform': { kind: 'lecunUniform' },
  'lecun-normal': { kind: 'lecunNormal' },
  equidistant: { kind: 'equidistant' },
  zeros: { kind: 'zeros' },
  ones: { kind: 'ones' },
}

/** `he-uniform`, ..., or `shared:0.03`. */
export const parseInitializer = (text: string): InitializerSpec => {
  if (text.startsWith('shared:')) return { kind: 'sharedValue', value: parseNumber(text.slice(7)) }
  const found = initializers[text]
  if (found === undefined)
    throw new InvalidArgumentError(
      `there is no initializer called '${text}'. ${didYouMean(text, [...Object.keys(initializers), 'shared:<value>'])}`,
    )
  return found
}

const innerOptimizers: Readonly<Record<string, InnerOptimizerSpec>> = {
  adam: adamSpec,
  sgd: sgdSpec,
  momentum: momentumSpec,
  nesterov: { ...momentumSpec, nesterov: true },
}

/** `adam`, `sgd`, `momentum` (0.9) or `nesterov` (0.9). */
export const parseInnerOptimizer = (text: string): InnerOptimizerSpec => {
  const found = innerOptimizers[text]
  if (found === undefined)
    throw new InvalidArgumentError(
      `there is no inner optimizer called '${text}'. ${didYouMean(text, Object.keys(innerOptimizers))}`,
    )
  return found
}

/** `rotation=15,shift=0.1,zoom=0.1,flip`; what is left out is 0 or off. */
export const parseAugmentation = (text: string): AugmentationSpec => {
  const keys = ['rotation', 'shift', 'zoom', 'flip']
  const given = new Map(
    text.split(',').map((part): readonly [string, string | undefined] => {
      const [key = '', value] = part.trim().split('=')
      if (!keys.includes(key))
        throw new InvalidArgumentError(`there is no augmentation called '${key}'. ${didYouMean(key, keys)}`)
      return [key, value]
    }),
  )
  const amount = (key: string): number => (given.has(key) ? parseNumber(given.get(key) ?? '') : 0)
  return {
    rotationDegrees: amount('rotation'),
    shiftFraction: amount('shift'),
    zoom: amount('zoom'),
    horizontalFlip: given.has('flip'),
  }
}
