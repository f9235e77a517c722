/** The process around the program: the only file that prints, listens to signals and knows the environment. */
import { makeCrashWitness } from './crash-witness.ts'
import { runCli } from './run-cli.ts'
import { exitCodes, type Terminal } from './terminal.ts'

/**
 * Run `laperm` with the words behind its name.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 */
export const main = async (words: readonly string[]): Promise<number> => {
  const abort = new AbortController()
  const witness = makeCrashWitness()
  const interrupt = (): void => {
    // The second one means it: nothing is saved any more. A progress bar may have hidden the cursor and switched off line wrap.
    if (abort.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write('\x1b[?25h\x1b[?7h\n')
      witness.dismiss()
      process.exit(exitCodes.interrupted)
    }
    process.stderr.write('\nstopping in good order; Ctrl-C again stops at once\n')
    abort.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const terminal: Terminal = {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    progressStream: process.stderr.isTTY ? process.stderr : null,
    environment: process.env,
    note: witness.note,
    signal: abort.signal,
  }
  try {
    return await runCli(words, terminal)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    terminal.err(`laperm: ${error instanceof Error ? (error.stack ?? message) : message}`)
    if (words.includes('--json'))
      terminal.out(JSON.stringify({ error: { _tag: 'Unexpected', message, exitCode: exitCodes.failed } }))
    return exitCodes.failed
  } finally {
    witness.dismiss()
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
