/** How the kernels' initial weights are drawn. */
import { checkInitializer, type InitializerSpec } from '@laperm/core'
import { checkName } from '@laperm/core/settings'
import { passed } from './checks.ts'
import type { Field } from './field.ts'
import { readNumber } from './text.ts'

/** What each kind is called in text. */
const texts = {
  heUniform: 'he-uniform',
  heNormal: 'he-normal',
  glorotUniform: 'glorot-uniform',
  glorotNormal: 'glorot-normal',
  lecunUniform: 'lecun-uniform',
  lecunNormal: 'lecun-normal',
  equidistant: 'equidistant',
  sharedValue: 'shared:<value>',
  zeros: 'zeros',
  ones: 'ones',
} as const satisfies Readonly<Record<InitializerSpec['kind'], string>>

/** Every kind of initializer. */
export const initializerKinds = Object.keys(texts) as readonly InitializerSpec['kind'][]

/** `he-uniform`, ..., or `shared:0.03`. @throws SettingProblem */
export const readInitializer = (text: string, path: string): unknown => {
  const shared = 'shared:'
  if (text.startsWith(shared))
    return { kind: 'sharedValue', value: readNumber(text.slice(shared.length), path) }
  const name = checkName('initializer', text, Object.values(texts))
  return { kind: initializerKinds.find((kind) => texts[kind] === name) }
}

export const initializerField: Field<InitializerSpec> = {
  check: (value) => passed(checkInitializer(value)),
  initial: ({ network }) => network.model.initializers.kernel,
  flags: [
    {
      name: 'init',
      value: '<name>',
      group: 'How to train',
      help: 'he-uniform, he-normal, glorot-uniform, ..., equidistant, shared:0.03',
      path: 'initializer',
      read: readInitializer,
    },
  ],
}
