/** The process around the program: the only file that prints, listens to signals and knows the environment. */

import { escapeControls } from '@laperm/formats'
import { askYesNo } from './ask-yes-no.ts'
import { makeCrashWitness } from './crash-witness.ts'
import { guardStream } from './guarded-stream.ts'
import { errorLine, shorten } from './plain-text.ts'
import { runCli } from './run-cli.ts'
import { onStopSignals } from './stop-signals.ts'
import { exitCodes, isWatched, type Terminal } from './terminal.ts'

/**
 * Run `laperm` with the words behind its name.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 */
export const main = async (words: readonly string[]): Promise<number> => {
  const abort = new AbortController()
  const witness = makeCrashWitness()
  const output = guardStream(process.stdout)
  const errors = guardStream(process.stderr)
  const stopListening = onStopSignals({
    stop: (signal) => {
      const again = signal === 'SIGINT' ? '; Ctrl-C again stops at once' : ''
      errors.write(`\nstopping in good order${again}\n`)
      abort.abort()
    },
    // Nothing is saved any more. A progress bar may have hidden the cursor and switched off line wrap.
    stopAtOnce: () => {
      if (isWatched(process.stderr, process.env)) errors.write('\x1b[?25h\x1b[?7h\n')
      witness.dismiss()
      process.exit(exitCodes.interrupted)
    },
  })
  const terminal: Terminal = {
    out: (line) => output.write(`${escapeControls(line)}\n`),
    err: (line) => errors.write(`${errorLine(line)}\n`),
    progressStream: isWatched(process.stderr, process.env) ? process.stderr : null,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    confirm: process.stdin.isTTY && process.stderr.isTTY ? askYesNo : undefined,
    environment: process.env,
    note: witness.note,
    signal: abort.signal,
  }
  let exitCode: number
  let isUnexpected = false
  try {
    exitCode = await runCli(words, terminal)
  } catch (error) {
    const message = shorten(error instanceof Error ? error.message : String(error), 2000)
    const told = error instanceof Error ? shorten(error.stack ?? message, 6000) : message
    for (const line of `laperm: ${told}`.split('\n')) terminal.err(line)
    if (words.includes('--json'))
      terminal.out(JSON.stringify({ error: { _tag: 'Unexpected', message, exitCode: exitCodes.failed } }))
    exitCode = exitCodes.failed
    isUnexpected = true
  } finally {
    witness.dismiss()
    stopListening()
  }
  await output.flushed()
  const problem = output.problem()
  if (problem !== null) {
    terminal.err(
      `laperm: standard output cannot be written: ${problem.message}. What was asked for is done; only its report is incomplete. Free some space, or send it elsewhere.`,
    )
    exitCode = exitCodes.failed
  }
  await errors.flushed()
  // A command that broke off has not ended its workers: they would keep this process alive.
  if (isUnexpected) process.exit(exitCode)
  return exitCode
}
