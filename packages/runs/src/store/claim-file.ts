/** What `claim.json` of a run in a store says: who trains it, until when, and how far what is stored has come. */
import { hostname } from 'node:os'
import { isRecord } from '@laperm/core/settings'
import { isOfThisBoot, isRunning, type ProcessIdentity } from '../process-identity.ts'

/** Its name beside the run's files. */
export const claimName = 'claim.json'
export const mostClaimBytes = 4096

const format = 'laperm-claim/1'

/** Who holds a run, or who held it last. */
export interface ClaimFile extends ProcessIdentity {
  readonly state: 'held' | 'free'
  /** Tells this holder from every other, whatever its process is called. */
  readonly token: string
  /** ISO 8601. */
  readonly since: string
  /** Grows with each renewal, so that no two versions are alike. */
  readonly renewals: number
  readonly leaseMs: number
  /** Steps behind the checkpoint that is stored; 0 where there is none. */
  readonly step: number
}

export const claimBytes = (claim: ClaimFile): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ format, ...claim })}\n`)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Out of an object's bytes; null for what is none. */
export const parseClaim = (bytes: Uint8Array): ClaimFile | null => {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
  if (!isRecord(value)) return null
  const { state, token, host, pid, started, since, renewals, leaseMs, step } = value
  if (value.format !== format || (state !== 'held' && state !== 'free')) return null
  if (typeof token !== 'string' || typeof host !== 'string' || typeof since !== 'string') return null
  if (!(started === null || typeof started === 'string')) return null
  if (!isCount(pid) || pid === 0 || !isCount(renewals) || !isCount(leaseMs) || !isCount(step)) return null
  return { state, token, host, pid, started, since, renewals, leaseMs, step }
}

/** Whether whoever wrote a claim still holds it. @param ageMs since it was written, by the store's clock. */
export const isClaimHeld = (claim: ClaimFile, ageMs: number): boolean => {
  if (claim.state === 'free' || ageMs > claim.leaseMs) return false
  // Machines may have one name: only a process that this machine's system knows can be asked after.
  const isHere = claim.host === hostname() && isOfThisBoot(claim)
  return !(isHere && isRunning(claim) === false)
}
