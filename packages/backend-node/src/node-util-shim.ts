/**
 * tfjs-node 4.22 calls functions of `node:util` that Node 23 removed.
 */
import util from 'node:util'

/** What tfjs-node expects of `node:util`, and newer versions of Node lack. */
interface RemovedFunctions {
  isNullOrUndefined?: (value: unknown) => boolean
  isArray?: (value: unknown) => boolean
}

/** Put back `util.isNullOrUndefined` and `util.isArray` where they are gone. Existing functions are left alone. */
export const restoreRemovedUtil = (target: RemovedFunctions = util as unknown as RemovedFunctions): void => {
  target.isNullOrUndefined ??= (value) => value === null || value === undefined
  target.isArray ??= Array.isArray
}
