/** The flags of `laperm evaluate`, and those of every command that puts another program's weights into a model. */
import { experimentFlags, flattenOrders } from '@laperm/train'
import { engineNames } from './engines.ts'
import { dataFlags, integer, oneOf, outputFlags, text } from './flags.ts'
import { axisOrders } from './read-tensors.ts'

/** Where the initial weights are of a `.laperm` file that knows no experiment. */
export const initialWeightsFlag = text(
  '<file>',
  "of a .laperm file of another program's weights: those that it was packed against",
)

/** How another program's weights go into a model. */
export const foreignFlags = {
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
  initialWeights: initialWeightsFlag,
}

/** Flags of an experiment that say what another program's weights are measured on. */
export const foreignSettings = experimentFlags.filter(({ name }) => ['dataset', 'normalize'].includes(name))

export const evaluateFlags = {
  weights: oneOf('weights', ['best', 'last'], 'of a run: best or last (default: best)'),
  engine: oneOf('engine', engineNames, `${engineNames.join(', ')} (default: the one that trained)`),
  threads: integer('threads of the engine (default: those of the run)', 1),
  ...foreignFlags,
  ...dataFlags,
  ...outputFlags,
}
