/**
 * Checks of the settings that are records: schedules, initializers, sparsity, inner optimizers, augmentation.
 *
 * A record that comes out holds exactly the fields of its kind. Internal to this package.
 */
import type {
  InitializerSpec,
  InnerOptimizerSpec,
  LearningRateSpec,
  SparsitySpec,
  SyncPeriodSpec,
} from '@laperm/core'
import type { AugmentationSpec } from '@laperm/data'
import {
  checkBoolean,
  checkFraction,
  checkInteger,
  checkList,
  checkName,
  checkNumber,
  checkPositive,
  checkRecord,
  refuse,
} from './setting-checks.ts'

/** The record's kind, and the record. */
const checkKind = <Kind extends string>(
  setting: string,
  value: unknown,
  fields: Readonly<Record<Kind, readonly string[]>>,
): readonly [Kind, Readonly<Record<string, unknown>>] => {
  const kinds = Object.keys(fields) as Kind[]
  const every = ['kind', ...new Set(Object.values<readonly string[]>(fields).flat())]
  const kind = checkName(`kind of ${setting}`, checkRecord(setting, value, every).kind, kinds)
  return [kind, checkRecord(`${setting} ${kind}`, value, ['kind', ...fields[kind]])]
}

export const checkLearningRate = (value: unknown): LearningRateSpec => {
  const [kind, record] = checkKind('learningRate', value, {
    constant: ['value'],
    exponential: ['initial', 'decay', 'everyEpochs'],
    steps: ['initial', 'boundaries'],
  })
  switch (kind) {
    case 'constant':
      return { kind, value: checkPositive('learningRate.value', record.value) }
    case 'exponential':
      return {
        kind,
        initial: checkPositive('learningRate.initial', record.initial),
        decay: checkPositive('learningRate.decay', record.decay),
        everyEpochs: checkInteger('learningRate.everyEpochs', record.everyEpochs ?? 1, 1),
      }
    case 'steps': {
      let last = -1
      return {
        kind,
        initial: checkPositive('learningRate.initial', record.initial),
        boundaries: checkList('learningRate.boundaries', record.boundaries).map((item) => {
          const boundary = checkRecord('learningRate.boundaries', item, ['epoch', 'factor'])
          last = checkInteger('learningRate.boundaries.epoch', boundary.epoch, last + 1)
          return { epoch: last, factor: checkPositive('learningRate.boundaries.factor', boundary.factor) }
        }),
      }
    }
    default:
      return kind satisfies never
  }
}

export const checkSyncPeriod = (value: unknown): SyncPeriodSpec => {
  const [kind, record] = checkKind('outer.syncPeriod', value, { constant: ['period'], steps: ['periods'] })
  if (kind === 'constant') return { kind, period: checkInteger('outer.syncPeriod', record.period, 1) }
  let last = 0
  const periods = checkList('outer.syncPeriod.periods', record.periods).map((item) => {
    const { fromStep, period } = checkRecord('outer.syncPeriod.periods', item, ['fromStep', 'period'])
    last = checkInteger('outer.syncPeriod.periods.fromStep', fromStep, last + 1)
    return { fromStep: last, period: checkInteger('outer.syncPeriod.periods.period', period, 1) }
  })
  if (periods.length === 0) refuse('outer.syncPeriod.periods', [], 'it must name at least one period')
  if (periods[0].fromStep !== 1)
    refuse('outer.syncPeriod.periods', periods[0].fromStep, 'the first period must hold from step 1')
  return { kind, periods }
}

export const checkInitializer = (value: unknown): InitializerSpec => {
  const [kind, record] = checkKind<InitializerSpec['kind']>('initializer', value, {
    heUniform: [],
    heNormal: [],
    glorotUniform: [],
    glorotNormal: [],
    lecunUniform: [],
    lecunNormal: [],
    sharedValue: ['value'],
    equidistant: [],
    zeros: [],
    ones: [],
  })
  return kind === 'sharedValue'
    ? { kind, value: checkNumber('initializer.value', record.value, 'other than 0', (x) => x !== 0) }
    : { kind }
}

/** @param kernelCount kernels of the model: a list of fractions must have one for each. */
export const checkSparsity = (value: unknown, kernelCount: number): SparsitySpec => {
  const [kind, record] = checkKind('sparsity', value, {
    none: [],
    uniform: ['fraction'],
    perKernel: ['fractions'],
  })
  switch (kind) {
    case 'none':
      return { kind }
    case 'uniform':
      return { kind, fraction: checkFraction('sparsity', record.fraction) }
    case 'perKernel': {
      const fractions = checkList('sparsity', record.fractions).map((item) => checkFraction('sparsity', item))
      return fractions.length === kernelCount
        ? { kind, fractions }
        : refuse('sparsity', fractions, `the model has ${kernelCount} kernels, and each needs its fraction`)
    }
    default:
      return kind satisfies never
  }
}

export const checkInnerOptimizer = (value: unknown): InnerOptimizerSpec => {
  const [kind, record] = checkKind('innerOptimizer', value, {
    sgd: [],
    momentum: ['momentum', 'nesterov'],
    adam: ['beta1', 'beta2', 'epsilon', 'epsilonPlacement'],
  })
  switch (kind) {
    case 'sgd':
      return { kind }
    case 'momentum':
      return {
        kind,
        momentum: checkFraction('innerOptimizer.momentum', record.momentum),
        nesterov: checkBoolean('innerOptimizer.nesterov', record.nesterov),
      }
    case 'adam':
      return {
        kind,
        beta1: checkFraction('innerOptimizer.beta1', record.beta1),
        beta2: checkFraction('innerOptimizer.beta2', record.beta2),
        epsilon: checkPositive('innerOptimizer.epsilon', record.epsilon),
        epsilonPlacement: checkName('placement of epsilon', record.epsilonPlacement, ['keras', 'tfjs']),
      }
    default:
      return kind satisfies never
  }
}

export const checkAugmentation = (value: unknown): AugmentationSpec | null => {
  if (value === null) return null
  const record = checkRecord('augmentation', value, [
    'rotationDegrees',
    'shiftFraction',
    'zoom',
    'horizontalFlip',
  ])
  return {
    rotationDegrees: checkNumber(
      'augmentation.rotationDegrees',
      record.rotationDegrees,
      'from 0 to 180',
      (x) => x >= 0 && x <= 180,
    ),
    shiftFraction: checkFraction('augmentation.shiftFraction', record.shiftFraction),
    zoom: checkFraction('augmentation.zoom', record.zoom),
    horizontalFlip: checkBoolean('augmentation.horizontalFlip', record.horizontalFlip),
  }
}
