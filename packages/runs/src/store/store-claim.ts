/**
 * One writer a run in a store: its `claim.json`, written on the condition that nobody else has written it meanwhile. A holder renews it; one that
 * has not for its lease, by the store's clock, counts as dead.
 */
import { randomUUID } from 'node:crypto'
import { renderCorruptFile } from '@laperm/formats'
import type { ObjectStore, StoreUnavailable, WriteCondition } from '@laperm/store'
import { either as E } from 'fp-ts'
import { thisProcess } from '../process-identity.ts'
import { type RunError, runHeld } from '../run-errors.ts'
import {
  type ClaimFile,
  claimBytes,
  claimName,
  isClaimHeld,
  mostClaimBytes,
  parseClaim,
} from './claim-file.ts'
import { storeProblem } from './store-problem.ts'

/** A run in a store that this process alone writes. */
export interface StoreClaim {
  /** Steps behind the checkpoint that was stored when it was taken. */
  readonly step: number
  /** Whether another has taken it over, as far as is known. A store that is away takes nothing over. */
  readonly isLost: () => boolean
  /** Start the lease anew, and say how far what is stored has come. `false`: it is lost. */
  readonly renew: (step?: number) => Promise<E.Either<StoreUnavailable, boolean>>
  /** Give it back. */
  readonly release: () => Promise<E.Either<StoreUnavailable, void>>
}

/** As long as that of a lock: {@link lockRun}. */
export const usualLeaseMs = 60_000
/** A damaged claim counts as held for as long. */
const renewalsPerLease = 4

const keep = (store: ObjectStore, name: string, first: ClaimFile, firstVersion: string): StoreClaim => {
  let claim = first
  let version = firstVersion
  let isLost = false
  let isOver = false
  const write = async (next: ClaimFile): Promise<E.Either<StoreUnavailable, boolean>> => {
    const written = await store.write(name, claimBytes(next), { kind: 'version', version })()
    if (E.isLeft(written)) return written
    if (written.right.kind === 'refused') {
      // Ours with another version: the answer to an earlier write was lost on its way.
      const read = await store.read(name, mostClaimBytes)()
      if (E.isLeft(read)) return read
      const parsed = read.right === null ? null : parseClaim(name, read.right.bytes)
      const there = parsed !== null && E.isRight(parsed) ? parsed.right : null
      if (read.right === null || there?.token !== claim.token) {
        isLost = true
        return E.right(false)
      }
      version = read.right.version
      claim = there
      return write({ ...next, renewals: there.renewals + 1 })
    }
    version = written.right.version
    claim = next
    return E.right(true)
  }
  /** One at a time: each needs the version that the one before has made. */
  let last: Promise<unknown> = Promise.resolve()
  const inOrder = (next: () => ClaimFile): Promise<E.Either<StoreUnavailable, boolean>> => {
    const asked = last.then(() => (isLost || isOver ? E.right(false) : write(next())))
    last = asked.catch(() => undefined)
    return asked
  }
  const renew = (step?: number) =>
    inOrder(() => ({ ...claim, renewals: claim.renewals + 1, step: step ?? claim.step }))
  const timer = setInterval(() => void renew(), first.leaseMs / renewalsPerLease)
  timer.unref()
  return {
    step: first.step,
    isLost: () => isLost,
    renew,
    release: async () => {
      clearInterval(timer)
      const released = await inOrder(() => ({ ...claim, renewals: claim.renewals + 1, state: 'free' }))
      isOver = true
      return E.map(() => undefined)(released)
    },
  }
}

/**
 * Take a run of a store, or say who holds it. Never waits.
 *
 * @param run its name in the store.
 * @returns `Left(RunUnavailable)` naming host, process and since when, or what is wrong with the store.
 */
export const takeClaim = async (
  store: ObjectStore,
  run: string,
  leaseMs = usualLeaseMs,
): Promise<E.Either<RunError, StoreClaim>> => {
  const name = `${run}/${claimName}`
  for (;;) {
    const read = await store.read(name, mostClaimBytes)()
    if (E.isLeft(read)) return E.left(storeProblem(read.left))
    const found = read.right
    const parsed = found === null ? null : parseClaim(`${store.name}/${name}`, found.bytes)
    if (found !== null && parsed !== null && E.isLeft(parsed) && found.ageMs <= leaseMs)
      return E.left(
        runHeld(
          `${store.name}/${run}`,
          `its claim is damaged, so that nobody knows who trains it (${renderCorruptFile(parsed.left)})`,
          `Wait ${Math.ceil(leaseMs / 1000)} s: who has not renewed it by then has lost the run.`,
        ),
      )
    const before = parsed !== null && E.isRight(parsed) ? parsed.right : null
    if (found !== null && before !== null && isClaimHeld(before, found.ageMs))
      return E.left(
        runHeld(
          `${store.name}/${run}`,
          `process ${before.pid} on ${before.host} has been training this run since ${before.since}`,
        ),
      )
    const condition: WriteCondition =
      found === null ? { kind: 'absent' } : { kind: 'version', version: found.version }
    const claim: ClaimFile = {
      ...thisProcess(),
      state: 'held',
      token: randomUUID(),
      since: new Date().toISOString(),
      renewals: 0,
      leaseMs,
      step: before?.step ?? 0,
    }
    const written = await store.write(name, claimBytes(claim), condition)()
    if (E.isLeft(written)) return E.left(storeProblem(written.left))
    if (written.right.kind === 'written') return E.right(keep(store, name, claim, written.right.version))
  }
}
