/**
 * A standard stream whose reader may go away: a pipe into `head`, a terminal that is closed, a disk that is full. What cannot be written goes
 * nowhere, and the work goes on; whoever wants to know asks for the problem at the end.
 */

/** Owns the stream's error listener, for the life of the process. */
export interface GuardedStream {
  readonly write: (text: string) => void
  /** Resolves when everything has been written, or cannot be. */
  readonly flushed: () => Promise<void>
  /** Null while everything could be written, and where nobody reads any more: a closed pipe or terminal asked for no more. */
  readonly problem: () => Error | null
}

/** What the system calls a reader that went away. */
const goneCodes: readonly unknown[] = ['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']

/** Guard a stream. Call it once for each. */
export const guardStream = (stream: NodeJS.WritableStream): GuardedStream => {
  let first: Error | null = null
  const fail = (error: Error): void => {
    first ??= error
  }
  stream.on('error', fail)
  const isGone = (error: Error): boolean => 'code' in error && goneCodes.includes(error.code)
  return {
    write: (text) => {
      if (first !== null) return
      try {
        stream.write(text)
      } catch (error) {
        if (!(error instanceof Error)) throw error
        fail(error)
      }
    },
    flushed: () =>
      new Promise((resolve) => {
        // An error is reported after the call back of the write that met it.
        if (first !== null) resolve()
        else stream.write('', () => setImmediate(resolve))
      }),
    problem: () => (first === null || isGone(first) ? null : first),
  }
}
