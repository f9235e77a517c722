/**
 * For those who write a backend, an engine or a hot loop: the operations on buffers of the caller, the rules that those buffers keep, order keys, dropout
 * masks, and arithmetic that gives the same bits on every machine.
 *
 * These functions allocate nothing they do not say, check only what they say, and throw: `RangeError` for programmer errors, `DivergedError` for NaN.
 */
export { integerPower } from './arithmetic/integer-power.ts'
export { portableLog } from './arithmetic/portable-log.ts'
export { type DeviceWatch, makeDeviceWatch } from './errors/device-watch.ts'
export { namingDiverged } from './errors/diverged-error.ts'
export {
  matrixBreach,
  outputBreach,
  overlapBreach,
  partialOverlapBreach,
  sameSizeBreach,
  throwBreach,
} from './operations/buffer-rules.ts'
export { findNaN, throwIfDiverged } from './operations/find-nan.ts'
export { permuteInto } from './operations/permute.ts'
export { rankInto } from './operations/rank.ts'
export { sortInto } from './operations/sort.ts'
export { syncInto } from './operations/sync.ts'
export { type AdamFactors, adamFactors } from './optimizers/adam.ts'
export { bitsOfKey, orderKey } from './order/order-keys.ts'
export { fillDropoutMask } from './random/dropout-mask.ts'
