/**
 * Each setting's name in links and forms, and the rule that its text must keep.
 *
 * A setting that is a field of the experiment is read by that field's flag and kept to that field's rule, as `laperm train` does; the page
 * only says which texts of a flag it takes: one number where the flag would also take a list.
 */
import { normalizations } from '@laperm/data'
import { pageEngineNames } from '@laperm/engine-tfjs/engines'
import {
  decimalOf,
  type Experiment,
  type ExperimentError,
  type FlagText,
  renderTrainError,
  resolveExperiment,
  settingsFromFlags,
} from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { modelNames } from './demo-models.ts'
import { dataNames, distributionNames, type RunSettings } from './run-settings.ts'

/** How one setting is read from text and written. `read` gives the rule that the text breaks: `it must be ...`. */
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

const ruleOf = (error: ExperimentError): string =>
  error._tag === 'InvalidSetting' ? error.rule : renderTrainError(error)

/** How a number of an experiment is read. */
interface FieldReader {
  /** The flags that say it. */
  readonly flags: (text: string) => Readonly<Record<string, FlagText>>
  /** Null where the flag's text said more than one number. */
  readonly take: (experiment: Experiment) => number | null
  /** The page's own limit, where a larger number would take too much of a visitor's machine. */
  readonly most?: number
}

/** A number of an experiment, by the rule of its field. The rule is the same for every network; the MLP is one whose weights are drawn. */
const field = (key: string, label: string, { flags, take, most }: FieldReader): SettingRule<number> => ({
  key,
  label,
  read: (text) =>
    F.pipe(
      settingsFromFlags(flags(text)),
      E.flatMap((settings) => resolveExperiment({ model: 'mlp', ...settings })),
      E.mapLeft(ruleOf),
      E.map(take),
      E.filterOrElse(
        (value): value is number => value !== null,
        () => 'it must be one number',
      ),
      E.filterOrElse(
        (value) => most === undefined || value <= most,
        () => `it must be at most ${most} on this page`,
      ),
    ),
  write: String,
})

/** The page's own: a whole number. */
const integer = (key: string, label: string, least: number, most: number): SettingRule<number> => ({
  key,
  label,
  read: (text) => {
    const value = decimalOf(text) ?? Number.NaN
    return Number.isSafeInteger(value) && value >= least && value <= most
      ? E.right(value)
      : E.left(`it must be a whole number from ${least} to ${most}`)
  },
  write: String,
})

const yesNo = (key: string, label: string): SettingRule<boolean> => ({
  key,
  label,
  read: (text) =>
    text === '1' ? E.right(true) : text === '0' ? E.right(false) : E.left('it must be 0 or 1'),
  write: (value) => (value ? '1' : '0'),
})

const periodOf = ({ outer }: Experiment): number | null =>
  outer.kind !== 'none' && outer.syncPeriod.kind === 'constant' ? outer.syncPeriod.period : null

/** Every setting, in the order of a link. */
export const settingTable: { readonly [K in keyof RunSettings]: SettingRule<RunSettings[K]> } = {
  model: oneOf('model', 'Network', modelNames),
  data: oneOf('data', 'Data', dataNames),
  backend: oneOf('backend', 'Backend', pageEngineNames),
  software: yesNo('software', 'Software GPU'),
  seed: field('seed', 'Seed', { flags: (seed) => ({ seed }), take: ({ seed }) => seed }),
  syncPeriod: field('k', 'Sync period k', { flags: (text) => ({ 'sync-period': text }), take: periodOf }),
  sparsity: field('sparsity', 'Sparsity', {
    flags: (sparsity) => ({ sparsity }),
    take: ({ sparsity }) =>
      sparsity.kind === 'none' ? 0 : sparsity.kind === 'uniform' ? sparsity.fraction : null,
  }),
  distribution: oneOf('init', 'Initial weights', distributionNames),
  sharedValue: field('shared', 'Shared value', {
    flags: (text) => ({ init: `shared:${text}` }),
    take: ({ initializer }) => (initializer.kind === 'sharedValue' ? initializer.value : null),
  }),
  learningRate: field('lr', 'Learning rate', {
    flags: (text) => ({ 'learning-rate': text }),
    take: ({ learningRate }) =>
      learningRate.kind === 'constant' ? learningRate.value : learningRate.initial,
  }),
  batchSize: field('batch', 'Batch size', {
    flags: (text) => ({ 'batch-size': text }),
    take: ({ batchSize }) => batchSize,
    most: 512,
  }),
  lookahead: yesNo('lookahead', 'Train Lookahead too'),
  lookaheadPeriod: field('lookahead-k', "Lookahead's k", {
    flags: (text) => ({ optimizer: 'lookahead', 'sync-period': text }),
    take: periodOf,
  }),
  slowStepSize: field('lookahead-alpha', "Lookahead's alpha", {
    flags: (text) => ({ optimizer: 'lookahead', 'slow-step-size': text }),
    take: ({ outer }) => (outer.kind === 'lookahead' ? outer.slowStepSize : null),
  }),
  inputs: oneOf('inputs', 'Inputs', normalizations),
  steps: integer('steps', 'Pause after', 1, 100_000),
}

export const settingNames = Object.keys(settingTable) as readonly (keyof RunSettings)[]
