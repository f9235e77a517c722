/**
 * Which device the tests of GPU backends run on: SwiftShader, which is on the CPU and gives the same answers on every machine, or the
 * machine's own GPU: `LAPERM_GPU=hardware npm test -- --project 'backend-web*'`.
 */

import { isSoftware } from '../../scripts/graphics-flags.mjs'

export { isSoftware }

/** Whether `LAPERM_GPU` asks for the machine's own GPU. */
export const isHardwareWanted = (): boolean => {
  const wanted = process.env['LAPERM_GPU'] ?? 'software'
  if (wanted !== 'hardware' && wanted !== 'software')
    throw new RangeError(`LAPERM_GPU is ${wanted}: must be "hardware" or "software"`)
  return wanted === 'hardware'
}

/**
 * Nothing is proven about a GPU by tests that ran beside it.
 *
 * @throws Error where the machine's GPU was asked for and this device is software.
 */
export const assertWantedDevice = (device: string | undefined): void => {
  if (device !== undefined && isHardwareWanted() && isSoftware(device))
    throw new Error(`LAPERM_GPU=hardware asks for this machine's GPU, but the device is ${device}`)
}
