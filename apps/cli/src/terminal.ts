/** The outside world as a command sees it: two streams, the environment, a directory, a signal. Only `main.ts` makes one of the process. */

export interface Terminal {
  /** Write a line to standard output: what was asked for. */
  readonly out: (line: string) => void
  /** Write a line to standard error: progress, warnings, errors. */
  readonly err: (line: string) => void
  /** Where a progress bar is drawn; null where nobody watches (not a terminal). */
  readonly progressStream: NodeJS.WritableStream | null
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Say what is running, for the case that the process dies without a word. */
  readonly note: (what: string) => void
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
}

/** What the process tells its caller. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
