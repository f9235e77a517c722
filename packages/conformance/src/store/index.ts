/** Prove a store by the laws of stores. */
export {
  checkStore,
  renderStoreReport,
  type StoreLawName,
  type StoreLawReport,
  type StoreReport,
  storeLawNames,
} from './check-store.ts'
export type { SharedStore, StoreSubject } from './store-subject.ts'
