/** The flags of `laperm evaluate`. */
import { flattenOrders } from '@laperm/train'
import { engineNames } from './engines.ts'
import { dataFlags, integer, oneOf, outputFlags, text } from './flags.ts'
import { axisOrders } from './read-tensors.ts'

export const evaluateFlags = {
  weights: oneOf('weights', ['best', 'last'], 'of a run: best or last (default: best)'),
  engine: oneOf('engine', engineNames, `${engineNames.join(', ')} (default: the one that trained)`),
  threads: integer('threads of the engine (default: those of the run)', 1),
  model: text(
    '<name>',
    "of another program's file: the model that its weights go into, a name or a JSON file",
  ),
  axes: oneOf(
    'axis order',
    axisOrders,
    "of another program's file: keras (neuron last) or pytorch (neuron first); default: what the file says",
  ),
  flatten: oneOf(
    'flatten order',
    flattenOrders,
    `of another program's file, how it lays images flat: ${flattenOrders.join(', ')} (default: auto, by its convolutions)`,
  ),
  ...dataFlags,
  ...outputFlags,
}
