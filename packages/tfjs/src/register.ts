/**
 * Makes the optimizers known to tfjs, so that `tf.loadLayersModel` can rebuild them.
 */
import { serialization } from '@tensorflow/tfjs-core'
import { LaPermOptimizer } from './laperm-optimizer.ts'
import { LookaheadOptimizer } from './lookahead-optimizer.ts'

/**
 * Register LaPerm and Lookahead with tfjs. Importing `@laperm/tfjs` does it; call it where the page has a second copy of tfjs-core
 * (a script tag's `tf`), with that copy's `tf.serialization`.
 */
export const registerOptimizers = (
  registry: Pick<typeof serialization, 'registerClass'> = serialization,
): void => {
  registry.registerClass(LaPermOptimizer)
  registry.registerClass(LookaheadOptimizer)
}

registerOptimizers()
