/** How many steps engines are compared by, and of how many examples. */
import { isSoftware } from '../../../test/devices/hardware.ts'
import type { LossesAsked } from './losses.ts'

/**
 * Twenty steps; on a program that plays a GPU, which takes seconds for a step of Conv7, as many as see a synchronization (after the fifth), and of Conv7,
 * which is synchronized after twenty, as many as see Adam's moments.
 */
export const stepsOn = (device: string | undefined, model: string): LossesAsked => {
  if (!isSoftware(device ?? '')) return { steps: 20, batchSize: 10 }
  return model === 'conv7' ? { steps: 4, batchSize: 2 } : { steps: 7, batchSize: 10 }
}
