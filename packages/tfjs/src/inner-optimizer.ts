/**
 * The inner optimizer from outside: its learning rate, and its configuration inside another optimizer's.
 */
import { Optimizer, serialization } from '@tensorflow/tfjs-core'

/** The learning rate where tfjs's optimizers keep it: a field, and for SGD and momentum a setter beside it. */
interface LearningRateOwner {
  learningRate?: unknown
  setLearningRate?: (learningRate: number) => void
}

/**
 * @returns the inner optimizer's learning rate.
 * @throws TypeError when it has none.
 */
export const learningRateOf = (inner: Optimizer): number => {
  const { learningRate } = inner as unknown as LearningRateOwner
  if (typeof learningRate !== 'number')
    throw new TypeError(`The inner optimizer ${inner.getClassName()} has no learningRate`)
  return learningRate
}

/**
 * Set the inner optimizer's learning rate, from its next step on.
 *
 * @throws RangeError when the rate is not a finite number; TypeError when the inner optimizer has none.
 */
export const setLearningRateOf = (inner: Optimizer, learningRate: number): void => {
  if (!Number.isFinite(learningRate))
    throw new RangeError(`learningRate: must be a finite number, got ${learningRate}`)
  learningRateOf(inner)
  const owner = inner as unknown as LearningRateOwner
  if (owner.setLearningRate === undefined) owner.learningRate = learningRate
  else owner.setLearningRate(learningRate)
}

/**
 * An optimizer as configuration. The class goes under `name`, because tfjs-layers takes the underscores out of every other string
 * when it reads a configuration.
 */
export const innerToConfig = (inner: Optimizer): serialization.ConfigDict => ({
  name: inner.getClassName(),
  config: inner.getConfig(),
})

const isDict = (value: unknown): value is serialization.ConfigDict =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The reverse of {@link innerToConfig}, through tfjs's registry of classes.
 *
 * @throws TypeError when the configuration is none, RangeError when no optimizer of that name is registered.
 */
export const innerFromConfig = (config: unknown): Optimizer => {
  if (!isDict(config) || typeof config['name'] !== 'string' || !isDict(config['config']))
    throw new TypeError(`inner: expected { name, config }, got ${JSON.stringify(config)}`)
  const entry = serialization.SerializationMap.getMap().classNameMap[config['name']]
  if (entry === undefined)
    throw new RangeError(
      `inner: no class ${config['name']} is registered. Call tf.serialization.registerClass with it before the model is loaded.`,
    )
  const [optimizerClass, fromConfig] = entry
  const inner = fromConfig(optimizerClass, config['config'])
  if (!(inner instanceof Optimizer))
    throw new TypeError(`inner: class ${config['name']} is registered, but it is no optimizer`)
  return inner
}

/** Tell an inner optimizer that watches its variables too (LaPerm inside Lookahead) that its owner wrote them. */
export const acceptInnerWeights = (inner: Optimizer): void => {
  // Not `instanceof`: tfjs gives that a meaning of its own, which every subclass of Optimizer inherits.
  if ('acceptWeights' in inner && typeof inner.acceptWeights === 'function') inner.acceptWeights()
}
