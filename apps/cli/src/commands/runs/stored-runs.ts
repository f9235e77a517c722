/** The runs of a store that a command works on. */
import { isNameOf, type ListedStoredRun, listStoredRuns, type StoredRun } from '@laperm/runs'
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from '../../failure.ts'
import { openStore, type StoreFlags } from '../../open-store.ts'
import type { Terminal } from '../../terminal.ts'

/** Open the store that a command cannot do without. */
export const openGivenStore = async (
  flags: StoreFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, ObjectStore>> => {
  const opened = await openStore(flags, terminal.environment)
  if (E.isLeft(opened)) return opened
  return opened.right === null
    ? E.left(usageError('Name the store: --store s3://bucket/prefix, or a directory.'))
    : E.right(opened.right)
}

/** Whether a run of a store is meant by a name: its whole one, or that of its directory on some machine. */
const isMeant = ({ name, identity }: StoredRun, given: string): boolean =>
  given === name || isNameOf(given, identity)

/** Whether one of these names means a run; without any every run is meant. */
export const meantBy =
  (names: readonly string[]) =>
  (run: StoredRun): boolean =>
    names.length === 0 || names.some((name) => isMeant(run, name))

/** Names that mean none of some runs, as an error; null where each means one. */
export const unknownNames = (
  names: readonly string[],
  runs: readonly { readonly stored: StoredRun }[],
  { name: place }: ObjectStore,
): Failure | null => {
  const unknown = names.find((name) => !runs.some(({ stored }) => isMeant(stored, name)))
  return unknown === undefined
    ? null
    : usageError(
        `${place} has no run '${unknown}'. 'laperm runs --store ...' lists its runs; a name ends in first digits of an identity.`,
      )
}

/** The run of this name in the store that the flags name, without its weights. */
export const findStoredRun = async (
  flags: StoreFlags,
  terminal: Terminal,
  name: string,
): Promise<E.Either<Failure, ListedStoredRun>> =>
  E.flatMap(([run]: readonly ListedStoredRun[]): E.Either<Failure, ListedStoredRun> => {
    if (run === undefined) throw new RangeError('a name that means no run is refused')
    return E.right(run)
  })(await findStoredRuns(flags, terminal, [name]))

/** The runs of the store that the flags name, without their weights. @param names default: all. */
export const findStoredRuns = async (
  flags: StoreFlags,
  terminal: Terminal,
  names: readonly string[] = [],
): Promise<E.Either<Failure, readonly ListedStoredRun[]>> => {
  const store = await openGivenStore(flags, terminal)
  if (E.isLeft(store)) return store
  try {
    const listed = await listStoredRuns(store.right, meantBy(names))()
    if (E.isLeft(listed)) return listed
    const unknown = unknownNames(names, listed.right, store.right)
    return unknown === null ? listed : E.left(unknown)
  } finally {
    await store.right.close()
  }
}
