/** Flags of commands that train many runs, here or by the workers of a queue. */
import { excluding } from './flag-relations.ts'
import { checkpointSeconds, integer, toggle } from './flags.ts'

/** @param byDefault how many runs at once, in words. */
export const manyRunsFlags = (byDefault: string) => ({
  jobs: excluding(integer(`runs at once (default: ${byDefault})`, 1), {
    queue: "'laperm worker' says how many runs it trains at once, with --concurrency",
  }),
  retryFailed: toggle('go on with runs that failed, too'),
  checkpointSeconds: excluding(checkpointSeconds, { queue: "'laperm worker' has this flag" }),
})
