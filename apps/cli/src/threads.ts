/** How many threads an engine gets here: what was asked for, as far as the machine has them and the engine can use them. */
import { availableParallelism } from 'node:os'
import type { EngineName } from '@laperm/train'
import type { Terminal } from './terminal.ts'

/**
 * @param threads null lets the engine take what the machine has.
 * @returns at most what the machine has; whatever is not as it was asked for is said on standard error.
 */
export const threadsHere = (
  threads: number | null,
  engine: EngineName,
  terminal: Terminal,
): number | null => {
  if (threads === null) return null
  const most = availableParallelism()
  if (engine !== 'onnx' && threads > 1)
    terminal.err(
      `warning: ${engine === 'wasm' ? 'engine wasm runs on one thread in Node' : `engine ${engine} decides about threads by itself`}, so --threads ${threads} changes nothing; engine onnx takes it`,
    )
  else if (threads > most)
    terminal.err(`warning: this machine runs ${most} threads at a time, so ${most} are used, not ${threads}`)
  return Math.min(threads, most)
}
