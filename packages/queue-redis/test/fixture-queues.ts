/** Queues on a real Redis for tests. */
import { randomUUID } from 'node:crypto'
import { type Claim, type Queue, type QueueError, type QueueJob, renderQueueError } from '@laperm/queue'
import { either as E, type taskEither as TE } from 'fp-ts'
import { expect, onTestFinished } from 'vitest'
import { openRedisQueue, parseRedisUrl, type RedisQueueOptions } from '../src/index.ts'

export const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

/** A job with nothing in it. */
export const jobs = (...identities: readonly string[]): readonly QueueJob[] =>
  identities.map((identity) => ({ identity }))

/** Try to open a queue of its own; closed after the test. */
export const tryQueue = async (
  url: string,
  options: Partial<RedisQueueOptions<QueueJob>> = {},
): Promise<E.Either<QueueError, Queue<QueueJob>>> => {
  const opened = await openRedisQueue<QueueJob>({
    parseJob: (value) => E.right(value as QueueJob),
    endpoint: must(parseRedisUrl(url)),
    prefix: randomUUID(),
    leaseMs: 20_000,
    ...options,
  })()
  if (E.isRight(opened)) onTestFinished(() => opened.right.close())
  return opened
}

export const openQueue = async (...given: Parameters<typeof tryQueue>): Promise<Queue<QueueJob>> =>
  must(await tryQueue(...given))

export const claimOf = async (queue: Queue<QueueJob>): Promise<Claim<QueueJob>> => {
  const claim = must(await queue.claim()())
  if (claim === null) throw new Error('no job was given')
  return claim
}

/** The error in words, which never hold the password. */
export const wordsOf = (answer: E.Either<QueueError, unknown>): string => {
  const text = E.isLeft(answer) ? renderQueueError(answer.left) : `answered ${JSON.stringify(answer.right)}`
  expect(text).not.toContain('secret-of-the-test')
  return text
}

export const failureOf = async (task: TE.TaskEither<QueueError, unknown>): Promise<string> =>
  wordsOf(await task())

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
