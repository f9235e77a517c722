/** A claim on a job of BullMQ: its lock, with a token of the claim's own. */
import { type Claim, type Lease, mostRetries, type QueueError, type QueueJob } from '@laperm/queue'
import { type Job as BullJob, UnrecoverableError } from 'bullmq'
import { either as E } from 'fp-ts'
import type { RedisConnection } from './redis-connection.ts'

/** BullMQ's codes for a job that is gone, has no lock, is not active, or is locked by another. */
const lostCodes: readonly unknown[] = [-1, -2, -3, -6]

const isLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && lostCodes.includes(error.code)

/** How often a job was given before, by lost leases and by failures, and once more. */
export const attemptOf = ({ attemptsMade, stalledCounter }: BullJob): number =>
  attemptsMade + (stalledCounter ?? 0) + 1

/** What a claim is made of. */
export interface ClaimParts<Job> {
  readonly bull: BullJob
  readonly job: Job
  readonly token: string
  readonly leaseMs: number
  readonly connection: RedisConnection
  readonly isClosed: () => boolean
}

/** Make the claim on a job that was just given to this token. */
export const makeClaim = <Job extends QueueJob>({
  bull,
  job,
  token,
  leaseMs,
  connection,
  isClosed,
}: ClaimParts<Job>): Claim<Job> => {
  const attempt = attemptOf(bull)
  let heldUntil = performance.now() + leaseMs
  let isOver = false

  /** Ask, and give `lost` for BullMQ's codes and for a lease that has run out before Redis answered. */
  const ask = async (act: () => Promise<unknown>): Promise<E.Either<QueueError, Lease>> => {
    if (isOver || isClosed()) return E.right('lost')
    let timer: ReturnType<typeof setTimeout> | undefined
    const runsOut = new Promise<E.Either<QueueError, Lease>>((resolve) => {
      timer = setTimeout(() => resolve(E.right('lost')), Math.max(0, heldUntil - performance.now()))
    })
    const asked = connection
      .ask(async (): Promise<Lease> => {
        try {
          const code = await act()
          return typeof code === 'number' && code < 0 ? 'lost' : 'held'
        } catch (error) {
          if (isLost(error)) return 'lost'
          throw error
        }
      })
      // Closed meanwhile: the connection breaks under the question.
      .then((answer) => (isClosed() ? E.right<QueueError, Lease>('lost') : answer))
    try {
      const answer = await Promise.race([asked, runsOut])
      if (E.isRight(answer) && answer.right === 'lost') isOver = true
      return answer
    } finally {
      clearTimeout(timer)
    }
  }
  const ending = (act: () => Promise<unknown>) => async (): Promise<E.Either<QueueError, Lease>> => {
    const answer = await ask(act)
    if (E.isRight(answer)) isOver = true
    return answer
  }
  return {
    job,
    attempt,
    leaseMs,
    extend: async () => {
      const asked = performance.now()
      const answer = await ask(async () => ((await bull.extendLock(token, leaseMs)) === 1 ? 0 : -2))
      if (E.isRight(answer) && answer.right === 'held') heldUntil = asked + leaseMs
      return answer
    },
    finish: (result) => ending(() => bull.moveToCompleted(result, token, false).then(() => 0)),
    fail: (reason, next) =>
      ending(() => {
        const isLast = next === 'final' || attempt > mostRetries
        const failure = isLast ? new UnrecoverableError(reason) : new Error(reason)
        return bull.moveToFailed(failure, token, false).then(() => 0)
      }),
    giveBack: ending(() => bull.moveToWait(token)),
  }
}
