/**
 * Every field of an experiment, declared once: its rule, its default, what a person may write for it, its flags.
 *
 * The order is that in which fields are resolved, written and shown; a field may look at those before it. To add one: a line in
 * `Experiment` and an entry here (with a file of its own where its rule is more than a line).
 */
import { checkInteger, checkName, checkSetting, refuse, truth } from '@laperm/core/settings'
import { normalizations, takesFloats } from '@laperm/data'
import type { Experiment } from '../experiment.ts'
import { augmentationField } from './augmentation.ts'
import { checkFreeName } from './checks.ts'
import { datasetField } from './dataset.ts'
import { earlier, type Field } from './field.ts'
import { frozenZerosField } from './frozen-zeros.ts'
import { initializerField } from './initializer.ts'
import { innerOptimizerField } from './inner-optimizer.ts'
import { learningRateField } from './learning-rate.ts'
import { checkModel } from './model.ts'
import { outerField } from './outer.ts'
import { rankingDistanceField } from './ranking-distance.ts'
import { shuffledFromField } from './shuffled-from.ts'
import { sparsityField } from './sparsity.ts'
import { readNumber, readText } from './text.ts'
import { trainExamplesField } from './train-examples.ts'
import { trialField } from './trial.ts'

/** The table. */
export const experimentFields = {
  model: { check: checkModel, initial: () => undefined, flags: [] },
  dataset: datasetField,
  limit: {
    check: (value) => (value === null ? null : checkInteger('limit', value, 1)),
    initial: () => null,
    flags: [
      {
        name: 'limit',
        value: '<n>',
        group: 'What to train on',
        help: 'use only the first n training examples',
        path: 'limit',
        read: readNumber,
      },
    ],
  },
  testLimit: {
    check: (value) => (value === null ? null : checkInteger('testLimit', value, 1)),
    initial: () => null,
    flags: [
      {
        name: 'test-limit',
        value: '<n>',
        group: 'What to train on',
        help: 'evaluate on only the first n test examples, for quick looks',
        path: 'testLimit',
        read: readNumber,
      },
    ],
  },
  normalization: {
    check: (value) => checkName('normalization', value, normalizations),
    // Floats have any range: where the recipe divides pixels by 255 they are taken as they are.
    initial: ({ network: { recipe }, floats }) =>
      floats && !takesFloats(recipe.normalization) ? 'none' : recipe.normalization,
    flags: [
      {
        name: 'normalize',
        value: '<kind>',
        group: 'What to train on',
        help: `${normalizations.join(', ')} (default: the recipe's; with a network of your own standard for vectors and unit for images; floats are never divided by 255)`,
        path: 'normalization',
        read: readText,
      },
    ],
  },
  augmentation: augmentationField,
  initializer: initializerField,
  sparsity: sparsityField,
  innerOptimizer: innerOptimizerField,
  outer: outerField,
  frozenZeros: frozenZerosField,
  shuffledFrom: shuffledFromField,
  epochs: {
    check: (value) => checkInteger('epochs', value, 1, 1e9),
    initial: ({ network }) => network.recipe.epochs,
    flags: [
      {
        name: 'epochs',
        value: '<n>',
        group: 'How to train',
        help: 'times that every training example is seen',
        path: 'epochs',
        read: readNumber,
      },
    ],
  },
  batchSize: {
    check: (value, basis) => {
      const batchSize = checkInteger('batchSize', value, 1)
      const limit = earlier(basis, 'limit')
      return limit === null || batchSize <= limit
        ? batchSize
        : refuse(
            'batchSize',
            batchSize,
            `only ${limit} training examples are used (limit); a batch must not be larger`,
          )
    },
    initial: ({ network }) => network.recipe.batchSize,
    flags: [
      {
        name: 'batch-size',
        value: '<n>',
        group: 'How to train',
        help: 'examples in a step',
        path: 'batchSize',
        read: readNumber,
      },
    ],
  },
  learningRate: learningRateField,
  seed: {
    check: (value) => checkInteger('seed', value, 0, 2 ** 32 - 1),
    initial: () => 1,
    flags: [
      {
        name: 'seed',
        value: '<n>',
        group: 'How to train',
        help: 'decides initial weights, batches, augmentation, dropout (default: 1)',
        path: 'seed',
        read: readNumber,
      },
    ],
  },
  evaluateInner: {
    check: (value) => checkSetting('evaluateInner', value, truth),
    initial: () => false,
    flags: [
      {
        name: 'evaluate-inner',
        group: 'How to train',
        help: "also measure the inner optimizer's unsynchronized accuracy",
        path: 'evaluateInner',
        read: readText,
        bare: true,
      },
    ],
  },
  rankingDistance: rankingDistanceField,
  trainExamples: trainExamplesField,
  trial: trialField,
  engine: {
    check: (value) => checkFreeName('engine', value),
    initial: () => 'onnx',
    flags: [
      {
        name: 'engine',
        value: '<name>',
        group: 'Where and with what',
        help: 'what computes the steps (default: onnx)',
        path: 'engine',
        read: readText,
      },
    ],
  },
  threads: {
    check: (value) => (value === null ? null : checkInteger('threads', value, 1, 1024)),
    initial: () => null,
    flags: [
      {
        name: 'threads',
        value: '<n>',
        group: 'Where and with what',
        help: 'threads of the engine (default: what the machine has); the last bits of a run depend on their number',
        path: 'threads',
        read: readNumber,
      },
    ],
  },
} as const satisfies { readonly [Name in keyof Experiment]: Field<Experiment[Name]> }

/** Names of all fields, in the table's order. */
export const fieldNames = Object.keys(experimentFields) as readonly (keyof Experiment)[]
