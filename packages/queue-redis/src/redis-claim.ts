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
  /** The job as it is in Redis now; undefined where it is gone. */
  readonly reload: () => Promise<BullJob | undefined>
  readonly job: Job
  readonly token: string
  readonly leaseMs: number
  readonly connection: RedisConnection
  readonly isClosed: () => boolean
}

/** Make the claim on a job that was just given to this token. */
export const makeClaim = <Job extends QueueJob>({
  bull,
  reload,
  job,
  token,
  leaseMs,
  connection,
  isClosed,
}: ClaimParts<Job>): Claim<Job> => {
  const attempt = attemptOf(bull)
  const { attemptsMade } = bull
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
  /** @param isDone whether the job is what `act` makes of it: an answer that was lost with its connection is asked for again, and finds no lock then. */
  const ending =
    (act: () => Promise<unknown>, isDone: (now: BullJob) => boolean | Promise<boolean>) =>
    async (): Promise<E.Either<QueueError, Lease>> => {
      const answer = await ask(async () => {
        try {
          await act()
        } catch (error) {
          const now = isLost(error) ? await reload() : undefined
          if (now === undefined || !(await isDone(now))) throw error
        }
        return 0
      })
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
    finish: (result) =>
      ending(
        () => bull.moveToCompleted(result, token, false),
        (now) => now.finishedOn !== undefined && now.returnvalue === result,
      ),
    fail: (reason, next) =>
      ending(
        () => {
          const isLast = next === 'final' || attempt > mostRetries
          return bull.moveToFailed(isLast ? new UnrecoverableError(reason) : new Error(reason), token, false)
        },
        (now) => now.attemptsMade > attemptsMade && now.failedReason === reason,
      ),
    giveBack: ending(
      () => bull.moveToWait(token),
      async (now) => now.attemptsMade === attemptsMade && (await now.getState()) === 'waiting',
    ),
  }
}
