/** What engines are compared on, by how many steps, and of how many examples. */
import { isSoftware } from '../../../test/devices/hardware.ts'
import { comparedModels } from './compared-models.ts'
import type { LossesAsked } from './losses.ts'

/**
 * Twenty steps; on a program that plays a GPU, which takes seconds for a step of Conv7, as many as see a synchronization (after the fifth), and of Conv7,
 * which is synchronized after twenty, as many as see Adam's moments.
 */
export const stepsOn = (device: string | undefined, model: string): LossesAsked => {
  if (!isSoftware(device ?? '')) return { steps: 20, batchSize: 10 }
  return model === 'conv7' ? { steps: 4, batchSize: 2 } : { steps: 7, batchSize: 10 }
}

/** Names of networks; a program that plays a GPU compiles for seconds, and F2 has no kernel that the others lack. */
export const comparedOn = (device: string | undefined): readonly string[] =>
  Object.keys(comparedModels).filter((name) => name !== 'f2' || !isSoftware(device ?? ''))
