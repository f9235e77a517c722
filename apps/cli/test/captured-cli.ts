/** The program without a process: what it would print, and its exit code. */
import { escapeControls } from '@laperm/formats'
import { errorLine } from '../src/plain-text.ts'
import { runCli } from '../src/run-cli.ts'
import type { ExitCode } from '../src/terminal.ts'

export interface Captured {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/**
 * Run `laperm` with these words in this process. Of the environment it knows what is given.
 *
 * @param stopAt a line on standard error that matches it is answered as Ctrl-C would.
 * @throws what `main` would print with a stack.
 */
export const runCaptured = async (
  words: readonly string[],
  stopAt?: RegExp,
  environment: Readonly<Record<string, string>> = {},
): Promise<Captured> => {
  const out: string[] = []
  const err: string[] = []
  const abort = new AbortController()
  const code = await runCli(words, {
    out: (line) => out.push(escapeControls(line)),
    err: (line) => {
      err.push(errorLine(line))
      if (stopAt?.test(line)) abort.abort()
    },
    progressStream: null,
    note: () => undefined,
    environment,
    signal: abort.signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

/** The same in a directory: paths among the words are relative to it. One call after another, since a process has one working directory. */
export const runCapturedIn = async (directory: string, words: readonly string[]): Promise<Captured> => {
  const before = process.cwd()
  process.chdir(directory)
  try {
    return await runCaptured(words)
  } finally {
    process.chdir(before)
  }
}
