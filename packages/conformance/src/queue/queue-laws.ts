/** What every queue must do, a function a law: it throws what is wrong, in words. */
import { mostRetries, type Queue } from '@laperm/queue'
import { either as E } from 'fp-ts'
import {
  answer,
  claimSoon,
  claimWithin,
  jobs,
  type LawJob,
  lawVersion,
  pause,
  require,
  requireLease,
  requireNone,
  type SharedQueue,
} from './queue-subject.ts'

/** What a law gets: two holds on one new queue, and its lease. */
export interface LawContext {
  readonly shared: SharedQueue
  readonly one: Queue<LawJob>
  readonly other: Queue<LawJob>
  readonly leaseMs: number
}

const requireState = async (queue: Queue<LawJob>, identity: string, kind: string): Promise<void> => {
  const state = await answer('stateOf', queue.stateOf(identity))
  require(state?.kind === kind, `${identity} is ${JSON.stringify(state)}, but must be ${kind}`)
}

/** The laws by name, in the order in which they are reported. */
export const queueLaws = {
  'jobs are given in the order in which they were added': async ({ one, other, leaseMs }) => {
    const identities = Array.from({ length: 30 }, (_, i) => `job-${(i * 7) % 30}`)
    await answer('add', one.add(jobs(...identities.slice(0, 20))))
    await answer('add', other.add(jobs(...identities.slice(20))))
    const given: string[] = []
    for (let i = 0; i < 30; i++) {
      const claim = await claimSoon(i % 2 === 0 ? one : other, leaseMs)
      given.push(claim.job.identity)
      await requireLease('finish', claim.finish('done'), 'held')
    }
    require(given.join() === identities.join(), `added ${identities.join()}, given ${given.join()}`)
  },
  'a job that is added later is given to whoever waits': async ({ one, other, leaseMs }) => {
    const late = async (): Promise<void> => {
      await pause(leaseMs / 4)
      await answer('add', other.add(jobs('late')))
    }
    const [{ job }] = await Promise.all([claimSoon(one, leaseMs), late()])
    require(job.identity === 'late', `${job.identity} is given`)
  },
  "a job is in one worker's hands while its lease is extended": async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a')))
    const claim = await claimSoon(one, leaseMs)
    require(claim.attempt === 1, `the first attempt is ${claim.attempt}`)
    const ends = performance.now() + 4 * leaseMs
    const taken = claimWithin(other, 4 * leaseMs)
    while (performance.now() < ends) {
      await requireLease('extend', claim.extend, 'held')
      await pause(leaseMs / 8)
    }
    require((await taken) === null, 'the job is given to a second worker while the first extends its lease')
    await requireState(other, 'a', 'active')
    await requireLease('finish', claim.finish('done'), 'held')
  },
  'of many workers at once each gets another job': async ({ one, other, leaseMs }) => {
    const identities = Array.from({ length: 24 }, (_, i) => `job-${i}`)
    await answer('add', one.add(jobs(...identities)))
    const claims = await Promise.all(identities.map((_, i) => claimSoon(i % 3 === 0 ? one : other, leaseMs)))
    const given = new Set(claims.map(({ job }) => job.identity))
    require(given.size === 24, `24 workers hold ${given.size} different jobs`)
  },
  'a lease that runs out gives the job to another, as the next attempt': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a')))
    const dead = await claimSoon(one, leaseMs)
    const next = await claimSoon(other, leaseMs)
    require(next.job.identity === dead.job.identity, 'another job is given')
    require(next.attempt === 2, `the attempt after a lost lease is ${next.attempt}, not 2`)
  },
  'a late worker learns that it lost the job, and ends nothing': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a')))
    const late = await claimSoon(one, leaseMs)
    const next = await claimSoon(other, leaseMs)
    await requireLease('extend after the lease', late.extend, 'lost')
    await requireLease('finish after the lease', late.finish('late'), 'lost')
    await requireLease('fail after the lease', late.fail('late', 'final'), 'lost')
    await requireLease('giveBack after the lease', late.giveBack, 'lost')
    await requireLease('finish of the next worker', next.finish('next'), 'held')
    const state = await answer('stateOf', one.stateOf('a'))
    require(state?.kind === 'finished' &&
      state.result === 'next', `the job is ${JSON.stringify(state)}, but the next worker finished it`)
  },
  'a job ends once': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a')))
    const claim = await claimSoon(one, leaseMs)
    await requireLease('the first finish', claim.finish('first'), 'held')
    await requireLease('the second finish', claim.finish('second'), 'lost')
    await requireLease('fail after finish', claim.fail('after', 'again'), 'lost')
    await requireNone(other, 'it is finished', 2 * leaseMs)
    const state = await answer('stateOf', other.stateOf('a'))
    require(state?.kind === 'finished' &&
      state.result === 'first', `the job is ${JSON.stringify(state)}, but was finished as 'first'`)
  },
  'known identities are not added twice': async ({ one, other, leaseMs }) => {
    const first = await answer('add', one.add(jobs('a', 'b', 'c', 'd', 'a')))
    require(first.added === 4 && first.known === 1, `adding a, b, c, d, a gives ${JSON.stringify(first)}`)
    const finished = await claimSoon(one, leaseMs)
    await requireLease('finish', finished.finish('done'), 'held')
    const failed = await claimSoon(one, leaseMs)
    await requireLease('fail', failed.fail('broken', 'final'), 'held')
    const active = await claimSoon(one, leaseMs)
    const second = await answer('add', other.add(jobs('a', 'b', 'c', 'd', 'e')))
    require(second.added === 1 &&
      second.known ===
        4, `of a finished, a failed, an active, a waiting and a new job ${second.added} are added, ${second.known} known`)
    await requireLease('extend', active.extend, 'held')
    for (const expected of ['d', 'e']) {
      const { job } = await claimSoon(other, leaseMs)
      require(job.identity === expected, `${job.identity} is given, but ${expected} is next`)
    }
  },
  'jobs that have ended are put in again on demand': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a', 'b')))
    await requireLease('finish', (await claimSoon(one, leaseMs)).finish('done'), 'held')
    await requireLease('fail', (await claimSoon(one, leaseMs)).fail('broken', 'final'), 'held')
    const failed = await answer('add', other.add(jobs('a', 'b'), { again: ['failed'] }))
    require(failed.added ===
      1, `of a finished and a failed job ${failed.added} are put in again, not the failed one`)
    const { job, attempt } = await claimSoon(one, leaseMs)
    require(job.identity === 'b' &&
      attempt === 1, `${job.identity} is given at attempt ${attempt}, not b at 1`)
    const finished = await answer('add', other.add(jobs('a', 'b'), { again: ['finished', 'failed'] }))
    require(finished.added === 1, `of a finished and an active job ${finished.added} are put in again`)
  },
  'after the last retry the job has failed': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a')))
    for (let attempt = 1; attempt <= mostRetries + 1; attempt++) {
      const claim = await claimSoon(attempt % 2 === 0 ? one : other, leaseMs)
      require(claim.attempt === attempt, `attempt ${attempt} is numbered ${claim.attempt}`)
      // Lost leases and failures count alike.
      if (attempt > 1) await requireLease('fail', claim.fail(`crash ${attempt}`, 'again'), 'held')
    }
    await requireNone(one, `it was tried ${mostRetries + 1} times`, 2 * leaseMs)
    const state = await answer('stateOf', other.stateOf('a'))
    require(state?.kind === 'failed' &&
      state.reason ===
        `crash ${mostRetries + 1}`, `the job is ${JSON.stringify(state)}, but failed with 'crash ${mostRetries + 1}'`)
  },
  'lost leases alone make a job fail too': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a')))
    for (let attempt = 1; attempt <= mostRetries + 1; attempt++) await claimSoon(one, leaseMs)
    await requireNone(other, `its lease was lost ${mostRetries + 1} times`, 4 * leaseMs)
    await requireState(other, 'a', 'failed')
  },
  'a final failure is final': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a', 'b')))
    const claim = await claimSoon(one, leaseMs)
    await requireLease('fail', claim.fail('out of luck', 'final'), 'held')
    require((await claimSoon(other, leaseMs)).job.identity === 'b', 'a failed job stops the others')
    await requireState(other, 'a', 'failed')
  },
  'a job that is given back is next, and counts no attempt': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a', 'b')))
    const claim = await claimSoon(one, leaseMs)
    await requireLease('giveBack', claim.giveBack, 'held')
    await requireLease('extend after giveBack', claim.extend, 'lost')
    const { job, attempt } = await claimSoon(other, leaseMs)
    require(job.identity === 'a', `${job.identity} is given, but a was given back before it`)
    require(attempt === 1, `it is given at attempt ${attempt}, not 1`)
  },
  'counts are those of the states': async ({ one, other, leaseMs }) => {
    await answer('add', one.add(jobs('a', 'b', 'c', 'd', 'e')))
    await requireLease('finish', (await claimSoon(one, leaseMs)).finish('done'), 'held')
    await requireLease('fail', (await claimSoon(one, leaseMs)).fail('broken', 'final'), 'held')
    const active = await claimSoon(one, leaseMs)
    const { waiting, active: held, finished, failed } = await answer('counts', other.counts)
    require(waiting === 2 &&
      held === 1 &&
      finished === 1 &&
      failed ===
        1, `2 wait, 1 is active, finished and failed each; counts says ${waiting}, ${held}, ${finished}, ${failed}`)
    await requireLease('extend', active.extend, 'held')
    require((await answer('stateOf', other.stateOf('z'))) === null, 'a job that was never added has a state')
  },
  'a job of another version is refused, and nothing of its batch is added': async ({ one, leaseMs }) => {
    const foreign = { identity: 'old', version: lawVersion - 1 }
    const added = await one.add([...jobs('a'), foreign])()
    require(E.isLeft(added) &&
      added.left._tag === 'JobRefused' &&
      added.left.identity ===
        'old', `adding it is answered with ${JSON.stringify(added)}, not with JobRefused`)
    await requireNone(one, 'nothing was added', leaseMs / 2)
    const odd = await one.add(jobs('not a key: a/b'))()
    require(E.isLeft(odd) && odd.left._tag === 'JobRefused', 'an identity with other signs is taken')
  },
  'whoever waits is told when it is over': async ({ one, other, leaseMs }) => {
    const abort = new AbortController()
    const aborted = answer('claim', one.claim(abort.signal))
    const waiting = answer('claim', other.claim())
    await pause(leaseMs / 4)
    abort.abort()
    require((await aborted) === null, 'a claim whose signal was aborted gives a job')
    await other.close()
    require((await waiting) === null, 'a claim gives a job although the queue was closed')
    const added = await other.add(jobs('a'))()
    require(E.isLeft(added) &&
      added.left._tag ===
        'QueueClosed', `add after close is answered with ${JSON.stringify(added)}, not with QueueClosed`)
    await other.close()
  },
} as const satisfies Readonly<Record<string, (context: LawContext) => Promise<void>>>
