/** A place for files that many machines share: the contract, and the store in a directory. */
export { answersOf } from './answering.ts'
export { openDirectoryStore } from './directory-store.ts'
export {
  checkObjectName,
  isObjectName,
  mostSmallBytes,
  type ObjectStore,
  type ReadObject,
  type StoredObject,
  type WriteCondition,
  type Written,
} from './object-store.ts'
export { renderStoreError, type StoreUnavailable, storeAway, storeUnavailable } from './store-errors.ts'
