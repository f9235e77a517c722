/** What `claim.json` of a run in a store says: who trains it, until when, and how far what is stored has come. */
import { hostname } from 'node:os'
import { amount, type FieldRules, isRecord, oneOf, orNull, readFields, text } from '@laperm/core/settings'
import { type CorruptFile, corruptFile, parseStrictJson } from '@laperm/formats'
import { either as E } from 'fp-ts'
import { canonicalJson } from '../canonical-json.ts'
import { nodeSha256 } from '../node-sha256.ts'
import { isOfThisBoot, isRunning, type ProcessIdentity } from '../process-identity.ts'

/** Its name beside the run's files. */
export const claimName = 'claim.json'
export const mostClaimBytes = 4096

const format = 'laperm-claim/2'
const checkDigits = 16
/** Levels of a claim: none of its fields has parts. */
const deepestClaim = 1

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

/** What a claim's fields must add up to: of a damaged one nobody knows whose it is. */
const checkOf = (claim: ClaimFile): string =>
  nodeSha256([Buffer.from(canonicalJson({ format, ...claim }))]).slice(0, checkDigits)

export const claimBytes = (claim: ClaimFile): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ format, ...claim, check: checkOf(claim) })}\n`)

const rules: FieldRules<ClaimFile> = {
  state: oneOf(['held', 'free']),
  token: text,
  host: text,
  pid: amount,
  started: orNull(text),
  since: text,
  renewals: amount,
  leaseMs: amount,
  step: amount,
}

/**
 * A claim out of an object's bytes.
 *
 * @param path named in errors.
 * @returns `Left` with the first field that is not what it must be.
 */
export const parseClaim = (path: string, bytes: Uint8Array): E.Either<CorruptFile, ClaimFile> => {
  const fail = (expected: string, found: string) => E.left(corruptFile(path, expected, found))
  const show = (value: unknown): string => JSON.stringify(value) ?? 'none'
  const json = new TextDecoder().decode(bytes)
  const strict = parseStrictJson(json, deepestClaim)
  if (E.isLeft(strict)) {
    const { expected, at } = strict.left
    return fail(`JSON with ${expected}`, at < json.length ? `'${json.slice(at, at + 20)}'` : 'its end')
  }
  const value: unknown = JSON.parse(json)
  if (!isRecord(value)) return fail('a JSON object', 'another JSON value')
  if (value.format !== format) return fail(`format ${format}`, show(value.format))
  const claim = readFields(value, rules)
  if (E.isLeft(claim)) return fail(`${claim.left.says} as ${claim.left.field}`, show(claim.left.value))
  const check = checkOf(claim.right)
  return value.check === check ? claim : fail(`${check} as check, by its other fields`, show(value.check))
}

/** Whether whoever wrote a claim still holds it. @param ageMs since it was written, by the store's clock. */
export const isClaimHeld = (claim: ClaimFile, ageMs: number): boolean => {
  if (claim.state === 'free' || ageMs > claim.leaseMs) return false
  // Machines may have one name: only a process that this machine's system knows can be asked after.
  const isHere = claim.host === hostname() && isOfThisBoot(claim)
  return !(isHere && isRunning(claim) === false)
}
