/** How many threads an engine gets here: what was asked for, as far as the machine has them and the engine can use them. */
import { availableParallelism } from 'node:os'
import { engines, type KnownEngine } from './engines.ts'
import type { Terminal } from './terminal.ts'

/**
 * @param threads null lets the engine take what the machine has.
 * @returns at most what the machine has; whatever is not as it was asked for is said on standard error.
 */
export const threadsHere = (
  threads: number | null,
  { name, ownThreads }: KnownEngine,
  terminal: Terminal,
): number | null => {
  if (threads === null) return null
  const most = availableParallelism()
  if (ownThreads !== undefined && threads > 1) {
    const takers = engines.filter((engine) => engine.ownThreads === undefined).map((engine) => engine.name)
    terminal.err(
      `warning: engine ${name} ${ownThreads}, so --threads ${threads} changes nothing; engine ${takers.join(' or ')} takes it`,
    )
  } else if (threads > most)
    terminal.err(`warning: this machine runs ${most} threads at a time, so ${most} are used, not ${threads}`)
  return Math.min(threads, most)
}
