/**
 * A second, tiny process that outlives this one: should native code crash, or the system kill us for memory, nobody here could still say
 * what was running. The witness can.
 *
 * It hears notes through a pipe and speaks only when the pipe ends without a good-bye.
 */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** The last word of a process that ends in order. */
export const goodBye = 'good-bye'

/** Owner of the witness. */
export interface CrashWitness {
  /** From now on this is what was running. The first note starts the process. */
  readonly note: (what: string) => void
  /** All is well; the witness goes without a word. */
  readonly dismiss: () => void
}

/** Make a witness that is not there until it is needed. */
export const makeCrashWitness = (): CrashWitness => {
  let pipe: Writable | undefined
  const start = (): Writable => {
    // Detached: the Ctrl-C of a terminal goes to every process of the group, and the witness must hear how it ends.
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./crash-witness-main.js', import.meta.url))],
      {
        stdio: ['pipe', 'ignore', 'inherit'],
        detached: true,
        windowsHide: true,
      },
    )
    // Without a witness a run is as good as with one.
    child.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    child.unref()
    return child.stdin
  }
  return {
    note: (what) => {
      pipe ??= start()
      pipe.write(`${JSON.stringify(what)}\n`)
    },
    dismiss: () => pipe?.end(`${goodBye}\n`),
  }
}
