/** The outside world as a command sees it: two streams, the environment, a directory, a signal. Only `main.ts` makes one of the process. */

export interface Terminal {
  /** Write one line to standard output: what was asked for. A line break in it is foreign, and escaped like every control character. */
  readonly out: (line: string) => void
  /** Write one line to standard error, escaped likewise: progress, warnings, errors. */
  readonly err: (line: string) => void
  /** Where a progress bar is drawn; null where nobody watches, or on a terminal that cannot move its cursor. */
  readonly progressStream: (NodeJS.WritableStream & { readonly columns?: number }) | null
  /** Width of standard output in characters; undefined where it is no terminal. */
  readonly columns?: number | undefined
  /** Ask whether to go on; undefined where nobody can answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Say what is running, for the case that the process dies without a word. */
  readonly note: (what: string) => void
  /** Aborted by the first Ctrl-C or another signal that ends the program. */
  readonly signal: AbortSignal
}

/** Whether somebody watches a stream on a terminal that can move its cursor. */
export const isWatched = (
  stream: { readonly isTTY?: boolean | undefined },
  environment: Terminal['environment'],
): boolean => stream.isTTY === true && environment['TERM'] !== 'dumb'

/** What the process tells its caller. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
