/** The network: a name of the zoo, or one's own as data. */
import { checkName } from '@laperm/core/settings'
import { type Model, parseModel, type ZooName, zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import { RefusedModel } from './checks.ts'

/** @throws RefusedModel with the first rule that a network of one's own breaks. */
export const checkModel = (value: unknown): ZooName | Model => {
  if (typeof value !== 'object' || value === null) return checkName('model', value, zooNames)
  const parsed = parseModel(value)
  if (E.isLeft(parsed)) throw new RefusedModel(parsed.left)
  return parsed.right
}
