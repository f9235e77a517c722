/** Which fields the form has, in which groups, and what is said about each. */
import { type Normalization, normalizations } from '@laperm/data'
import { pageEngineNames, pageEngineTitles } from '@laperm/engine-tfjs/engines'
import { demoModels, modelNames } from '../settings/demo-models.ts'
import { type DistributionName, distributionNames, type RunSettings } from '../settings/run-settings.ts'

/** One field. */
export interface FieldSpec {
  readonly name: keyof RunSettings
  readonly kind: 'number' | 'choice' | 'select' | 'radios'
  readonly hint: string
  /** Of a select or radios: values and what people read. */
  readonly options?: readonly (readonly [value: string, text: string])[]
}

export interface FieldGroup {
  readonly title: string
  readonly specs: readonly FieldSpec[]
  /** Folded away at first. */
  readonly isAdvanced: boolean
}

const inputTitles: Readonly<Record<Normalization, string>> = {
  none: 'Pixels from 0 to 255',
  unit: 'Pixels from 0 to 1',
  'unit-minus-mean': 'Minus the mean image',
  standard: 'Mean 0, variance 1',
}

const distributionTitles: Readonly<Record<DistributionName, string>> = {
  heUniform: 'He uniform',
  heNormal: 'He normal',
  glorotUniform: 'Glorot uniform',
  glorotNormal: 'Glorot normal',
  lecunUniform: 'LeCun uniform',
  lecunNormal: 'LeCun normal',
  equidistant: 'Equidistant',
  sharedValue: 'One shared value',
}

export const fieldGroups: readonly FieldGroup[] = [
  {
    title: 'Task',
    isAdvanced: false,
    specs: [
      {
        name: 'model',
        kind: 'select',
        hint: 'The small Conv7 takes longer.',
        options: modelNames.map((name) => [name, demoModels[name].title]),
      },
      {
        name: 'data',
        kind: 'select',
        hint: '',
        options: [
          ['digits', 'Built-in digits'],
          ['files', 'My MNIST files'],
        ],
      },
      {
        name: 'seed',
        kind: 'number',
        hint: 'Decides initial weights and batches: the same seed, the same run.',
      },
    ],
  },
  {
    title: 'LaPerm',
    isAdvanced: false,
    specs: [
      {
        name: 'syncPeriod',
        kind: 'number',
        hint: 'Steps between two synchronizations. Small k: rarely far from θ₀; large k: more freedom in between.',
      },
      {
        name: 'distribution',
        kind: 'select',
        hint: 'How θ₀ is drawn.',
        options: distributionNames.map((name) => [name, distributionTitles[name]]),
      },
      {
        name: 'sharedValue',
        kind: 'number',
        hint: 'All weights are this or 0: choose a sparsity too.',
      },
      {
        name: 'sparsity',
        kind: 'number',
        hint: 'Fraction of θ₀ that is 0. Zeros move like all others.',
      },
      { name: 'learningRate', kind: 'number', hint: 'Of Adam, also inside LaPerm and Lookahead.' },
    ],
  },
  {
    title: 'Backend',
    isAdvanced: false,
    specs: [
      {
        name: 'backend',
        kind: 'radios',
        hint: '',
        options: pageEngineNames.map((name) => [name, pageEngineTitles[name]]),
      },
      {
        name: 'software',
        kind: 'choice',
        hint: 'A GPU that is a program on the CPU: slower than WebAssembly.',
      },
    ],
  },
  {
    title: 'More',
    isAdvanced: true,
    specs: [
      { name: 'batchSize', kind: 'number', hint: 'Images a step.' },
      {
        name: 'lookahead',
        kind: 'choice',
        hint: 'A third network beside LaPerm and Adam, which takes its own time.',
      },
      { name: 'lookaheadPeriod', kind: 'number', hint: 'Its own sync period.' },
      { name: 'slowStepSize', kind: 'number', hint: 'How far its slow weights follow.' },
      {
        name: 'inputs',
        kind: 'select',
        hint: 'Weights that are all positive cannot subtract; inputs around zero help them.',
        options: normalizations.map((name) => [name, inputTitles[name]]),
      },
      { name: 'steps', kind: 'number', hint: 'Steps; Start goes on.' },
    ],
  },
]
