/** What can be wrong with a store, as a tagged plain record, and its renderer for people. */

/** The store cannot be reached, refuses this process, is full, or holds something that it should not. */
export interface StoreUnavailable {
  readonly _tag: 'StoreUnavailable'
  /** The store or the object, for people, without secrets. */
  readonly place: string
  readonly reason: string
  readonly remedy: string
  /** Whether the same call may succeed later with nothing changed here: a server that is away. */
  readonly isPassing: boolean
}

/** Make a {@link StoreUnavailable} that stays until somebody changes something. */
export const storeUnavailable = (place: string, reason: string, remedy: string): StoreUnavailable => ({
  _tag: 'StoreUnavailable',
  place,
  reason,
  remedy,
  isPassing: false,
})

/** Make a {@link StoreUnavailable} that may pass. */
export const storeAway = (place: string, reason: string, remedy: string): StoreUnavailable => ({
  ...storeUnavailable(place, reason, remedy),
  isPassing: true,
})

/** The error as one or two sentences for people. */
export const renderStoreError = ({ place, reason, remedy }: StoreUnavailable): string =>
  `${place}: ${reason}. ${remedy}`
