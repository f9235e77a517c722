/** Another program's weights in a model of ours. */
import { type Experiment, fitWeights, inferExperiment, type WeightsFit } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { FlagValues } from './command.ts'
import type { foreignFlags } from './evaluate-flags.ts'
import type { Failure } from './failure.ts'
import { openTensors } from './read-tensors.ts'
import type { Terminal } from './terminal.ts'

/** A file's tensors as the parameters of an experiment's model. */
export interface Fitted {
  readonly format: string
  readonly fit: WeightsFit
}

/** Read the file's tensors into the experiment's model; what does not go there is said. */
export const fitFile = async (
  path: string,
  experiment: Experiment,
  { axes, flatten, initialWeights }: Omit<FlagValues<typeof foreignFlags>, 'model'>,
  terminal: Terminal,
): Promise<E.Either<Failure, Fitted>> => {
  const inferred = inferExperiment(experiment)
  if (E.isLeft(inferred)) return inferred
  const opened = await openTensors(path, { axes, initialWeights })
  if (E.isLeft(opened)) return opened
  const { format, tensors, leftOut, close } = opened.right
  try {
    const fit = await fitWeights(path, inferred.right, tensors, flatten)()
    if (E.isLeft(fit)) return fit
    for (const name of leftOut) terminal.note(`left out: ${name} is no floating number`)
    for (const note of fit.right.notes) terminal.err(`note: ${note}`)
    return E.right({ format, fit: fit.right })
  } finally {
    await close()
  }
}
