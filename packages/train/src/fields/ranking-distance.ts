/** Whose ranking distance is recorded, and how often (Section 3). It decides nothing about the trained weights. */
import { checkInteger, checkKind, checkList, checkName, checkRecord, refuse } from '@laperm/core/settings'
import type { MeasureEvery, RankingDistanceSpec } from '../experiment.ts'
import { layerOfParameter, tensorsNamed } from '../layer-names.ts'
import type { Network } from '../network.ts'
import type { Basis, Field } from './field.ts'
import { decimalOf, readList } from './text.ts'

/** Words for every kernel. */
const allKernels = 'all'

const kernelsOf = ({ inferred }: Network): readonly string[] =>
  inferred.parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name)

const checkEvery = (value: unknown): MeasureEvery => {
  const [kind, record] = checkKind('rankingDistance.every', value, { steps: ['count'], epochs: ['count'] })
  return { kind, count: checkInteger('rankingDistance.every', record.count, 1, 1e9) }
}

const checkSpec = (value: unknown, { network }: Basis): RankingDistanceSpec | null => {
  if (value === null) return null
  const record = checkRecord('rankingDistance', value, ['parameters', 'every'])
  const known = kernelsOf(network)
  const parameters = checkList('rankingDistance.parameters', record.parameters)
  if (parameters.length === 0)
    refuse(
      'rankingDistance.parameters',
      '',
      `it must name layers of ${network.model.name}: ${known.join(', ')}`,
    )
  return {
    parameters: [...new Set(parameters.map((name) => checkName('kernel', name, known)))],
    every: checkEvery(record.every),
  }
}

/** `all` stands for every kernel. What is no layer is left for the check, which names the nearest. */
const parametersOf = (names: readonly unknown[], network: Network): readonly unknown[] => {
  const kernels = kernelsOf(network)
  const known = kernels.map((name) => ({ name, layer: layerOfParameter(name) }))
  return names.flatMap((name): readonly unknown[] => {
    if (name === allKernels) return kernels
    const found = typeof name === 'string' ? tensorsNamed(name, known) : []
    return found.length > 0 ? found : [name]
  })
}

const complete = (setting: unknown, { network }: Basis): unknown => {
  if (setting === null) return null
  const { parameters, every } = checkRecord('rankingDistance', setting, ['parameters', 'every'])
  if (parameters === undefined)
    return every === undefined
      ? refuse('rankingDistance', setting, 'it must say which layers are measured, for example conv1')
      : refuse(
          'rankingDistance.every',
          every,
          'it says how often ranks are measured, so name the layers too, by --ranking-distance (rankingDistance), for example conv1',
        )
  return {
    parameters: parametersOf(checkList('rankingDistance.parameters', parameters), network),
    every: every ?? { kind: 'epochs', count: 1 },
  }
}

/** `1epoch`, `2epochs`, `100steps`. @throws SettingProblem */
const readEvery = (text: string, path: string): unknown => {
  const [, number = '', kind = ''] = /^(\d+) ?(step|epoch)s?$/.exec(text) ?? []
  return kind === ''
    ? refuse(path, text, 'it must be a number of steps or epochs, like 100steps or 1epoch')
    : { kind: `${kind}s`, count: decimalOf(number) }
}

export const rankingDistanceField: Field<RankingDistanceSpec | null> = {
  check: checkSpec,
  complete,
  initial: () => null,
  absent: null,
  flags: [
    {
      name: 'ranking-distance',
      value: '<layers>',
      group: 'How to train',
      help: "record how far weights' ranks move (Section 3) in these layers, e.g. conv1,dense1, or in all",
      path: 'rankingDistance.parameters',
      read: readList,
    },
    {
      name: 'every',
      value: '<n>',
      group: 'How to train',
      help: 'how often that is measured: 1epoch, 100steps (default: 1epoch)',
      path: 'rankingDistance.every',
      read: readEvery,
    },
  ],
}
