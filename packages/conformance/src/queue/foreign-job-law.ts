/** The law of queues that outlive their program: what another version has stored is nobody's job here. */
import type { LawContext } from './queue-laws.ts'
import { answer, claimSoon, jobs, lawVersion, require } from './queue-subject.ts'

/** As reports name it. */
export const foreignJobName = 'a stored job of another version is given to nobody and fails'

/** Needs {@link SharedQueue.store}. */
export const foreignJobLaw = async ({ shared, one, other, leaseMs }: LawContext): Promise<void> => {
  await shared.store?.({ identity: 'old', version: lawVersion - 1 } as { readonly identity: string })
  await answer('add', one.add(jobs('a')))
  const { job } = await claimSoon(other, leaseMs)
  require(job.identity === 'a', `${job.identity} is given, though it is of another version`)
  const state = await answer('stateOf', one.stateOf('old'))
  require(state?.kind === 'failed' &&
    state.reason.includes(
      'version',
    ), `the stored job is ${JSON.stringify(state)}, but must have failed with what parseJob says`)
}
