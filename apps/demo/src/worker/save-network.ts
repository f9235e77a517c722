/** One of the trained networks as a file to keep. */
import { inputSizeOf } from '@laperm/data'
import { orThrow } from '@laperm/engine'
import { evaluateExamples } from '@laperm/train'
import type { OptimizerName } from '../settings/run-settings.ts'
import { compileSession } from './contenders.ts'
import { encodeNetwork } from './network-file.ts'
import type { TrainingRun } from './training-run.ts'

export interface SavedNetwork {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** On the whole test set, of the very weights in the file. */
  readonly accuracy: number
}

/**
 * @param optimizer of LaPerm the weights of the last synchronization are saved, so that the file is always a permutation of theta_0;
 * of the others those of the present step.
 */
export const saveNetwork = async (run: TrainingRun, optimizer: OptimizerName): Promise<SavedNetwork> => {
  const { engine, settings, shelved } = run
  const { dataset, normalizer } = shelved
  const { params, step } = await run.weights(optimizer)
  const session = await compileSession(engine, settings, { kind: 'none' }, params)
  const imageSize = inputSizeOf(dataset.inputShape)
  const { accuracy } = await orThrow(evaluateExamples(session, normalizer, dataset.test, imageSize))
  await session.dispose()
  return {
    name: `${settings.model}-${optimizer}-seed${settings.seed}-step${step}.safetensors`,
    bytes: encodeNetwork(params, { settings, optimizer, step, data: dataset.name, accuracy }),
    accuracy,
  }
}
