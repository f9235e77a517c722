/**
 * Which experiments have something in common, as texts to compare. Each key leaves out the fields that surely decide nothing about it, so that a
 * field that is new counts until somebody says otherwise.
 */
import type { Experiment } from '@laperm/train'

type Field = keyof Experiment

const without = (experiment: Experiment, fields: readonly Field[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(experiment).filter(([name]) => !fields.some((field) => field === name)))

/** Of a run's course alone: they decide neither what is trained, nor on what. */
const ofCourse = [
  'seed',
  'epochs',
  'learningRate',
  'evaluateInner',
  'rankingDistance',
] as const satisfies readonly Field[]

/** Of the weights before the first step, and of what is done to them. */
const ofWeights = [
  'initializer',
  'sparsity',
  'innerOptimizer',
  'outer',
  'frozenZeros',
  'shuffledFrom',
] as const satisfies readonly Field[]

/** Experiments with the same key are trained on the same examples. */
export const dataKey = (experiment: Experiment): string =>
  JSON.stringify(
    without(experiment, [
      ...ofCourse,
      ...ofWeights,
      'model',
      'batchSize',
      'normalization',
      'augmentation',
      'trainExamples',
      'engine',
      'threads',
    ]),
  )

/** Experiments with the same key have identities made of the same data and versions, and their model and data fit each other alike. */
export const coarseKey = (experiment: Experiment): string =>
  JSON.stringify(without(experiment, [...ofCourse, ...ofWeights, 'normalization', 'augmentation']))

/** Of these either all have something to reconnect or none has. */
export const fineKey = (experiment: Experiment): string => {
  const { outer } = experiment
  const permuted = outer.kind === 'permute' ? outer.roles : outer.kind
  return JSON.stringify([without(experiment, [...ofCourse, 'outer']), permuted])
}
