/** Each setting's name in links and forms, and the rule that its text must keep. */
import { either as E } from 'fp-ts'
import {
  dataNames,
  distributionNames,
  engineNames,
  inputNames,
  modelNames,
  type RunSettings,
} from './run-settings.ts'

/** How one setting is read from text and written. `read` gives the rule that the text breaks. */
export interface SettingRule<Value> {
  /** In links. */
  readonly key: string
  /** For people. */
  readonly label: string
  readonly read: (text: string) => E.Either<string, Value>
  readonly write: (value: Value) => string
}

const oneOf = <Name extends string>(
  key: string,
  label: string,
  names: readonly Name[],
): SettingRule<Name> => ({
  key,
  label,
  read: (text) => {
    const found = names.find((name) => name === text)
    return found === undefined ? E.left(`it must be one of ${names.join(', ')}`) : E.right(found)
  },
  write: (value) => value,
})

/** Decimal notation only: no `0x10`, no blanks, no `Infinity`. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

const number = (
  key: string,
  label: string,
  rule: string,
  holds: (value: number) => boolean,
): SettingRule<number> => ({
  key,
  label,
  read: (text) => {
    const value = decimal.test(text) ? Number(text) : Number.NaN
    return Number.isFinite(value) && holds(value) ? E.right(value) : E.left(`it must be ${rule}`)
  },
  write: String,
})

const integer = (key: string, label: string, least: number, most: number): SettingRule<number> =>
  number(
    key,
    label,
    `a whole number from ${least} to ${most}`,
    (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  )

const flag = (key: string, label: string): SettingRule<boolean> => ({
  key,
  label,
  read: (text) =>
    text === '1' ? E.right(true) : text === '0' ? E.right(false) : E.left('it must be 0 or 1'),
  write: (value) => (value ? '1' : '0'),
})

/** Every setting, in the order of a link. */
export const settingTable: { readonly [K in keyof RunSettings]: SettingRule<RunSettings[K]> } = {
  model: oneOf('model', 'Network', modelNames),
  data: oneOf('data', 'Data', dataNames),
  backend: oneOf('backend', 'Backend', engineNames),
  software: flag('software', 'Software GPU'),
  seed: integer('seed', 'Seed', 0, 2 ** 32 - 1),
  syncPeriod: integer('k', 'Sync period k', 1, 2000),
  sparsity: number('sparsity', 'Sparsity', 'a number from 0 to 0.95', (x) => x >= 0 && x <= 0.95),
  distribution: oneOf('init', 'Initial weights', distributionNames),
  sharedValue: number(
    'shared',
    'Shared value',
    'a number from -1 to 1 other than 0',
    (x) => x !== 0 && Math.abs(x) <= 1,
  ),
  learningRate: number('lr', 'Learning rate', 'a number above 0 and at most 1', (x) => x > 0 && x <= 1),
  batchSize: integer('batch', 'Batch size', 1, 512),
  lookaheadPeriod: integer('lookahead-k', "Lookahead's k", 1, 2000),
  slowStepSize: number(
    'lookahead-alpha',
    "Lookahead's alpha",
    'a number above 0 and at most 1',
    (x) => x > 0 && x <= 1,
  ),
  inputs: oneOf('inputs', 'Inputs', inputNames),
  steps: integer('steps', 'Pause after', 1, 100_000),
}

export const settingNames = Object.keys(settingTable) as readonly (keyof RunSettings)[]
