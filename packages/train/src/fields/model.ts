/** The network: a name of the zoo, or one's own as data. */
import { type Model, parseModel, type ZooName, zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import { checkName, SettingProblem } from './checks.ts'

/** @throws SettingProblem with the first rule that a network of one's own breaks. */
export const checkModel = (value: unknown): ZooName | Model => {
  if (typeof value !== 'object' || value === null) return checkName('model', value, zooNames)
  const parsed = parseModel(value)
  if (E.isLeft(parsed)) throw new SettingProblem(parsed.left)
  return parsed.right
}
