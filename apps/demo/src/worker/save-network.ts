/** One of the trained networks as a file to keep. */
import type { EngineError, SessionError } from '@laperm/engine'
import type { NotAnArrangement } from '@laperm/formats'
import { either as E } from 'fp-ts'
import type { FileFormat } from '../messages/requests.ts'
import type { ContenderName } from '../settings/run-settings.ts'
import { measureNetwork } from './measured-network.ts'
import { encodeNetwork, packParams } from './network-file.ts'
import type { TrainingRun } from './training-run.ts'

export interface SavedNetwork {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** On the whole test set, of the very weights in the file. */
  readonly accuracy: number
}

/**
 * @param optimizer of LaPerm the weights of the last synchronization are saved, so that the file is always a permutation of theta_0;
 * of the others those of the present step, which cannot be packed.
 */
export const saveNetwork = async (
  run: TrainingRun,
  optimizer: ContenderName,
  format: FileFormat,
): Promise<E.Either<EngineError | SessionError | NotAnArrangement, SavedNetwork>> => {
  const { engine, settings, dataset } = run
  const { params, step } = await run.weights(optimizer)
  const measured = await measureNetwork(engine, settings, params, run)
  if (E.isLeft(measured)) return measured
  const { session, accuracy } = measured.right
  await session.dispose()
  const bytes =
    format === 'laperm'
      ? packParams(params, settings, optimizer)
      : E.right(encodeNetwork(params, { settings, optimizer, step, data: dataset.name, accuracy }))
  const name = `${settings.model}-${optimizer}-seed${settings.seed}-step${step}.${format}`
  return E.map((file: Uint8Array<ArrayBuffer>) => ({ name, bytes: file, accuracy }))(bytes)
}
