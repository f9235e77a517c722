/** Why the operating system would not take a path, for errors that name the path themselves. */

/**
 * The reason in the system's words, `EACCES: permission denied`; null for what the system did not say.
 *
 * Node appends the call and the path, which may be that of a temporary file that nobody asked for; both are left out. A NUL in a path, which no
 * system takes, is a reason too, though Node itself refuses it.
 */
export const systemRefusal = (error: unknown): string | null => {
  if (!(error instanceof Error) || !('code' in error)) return null
  if ('syscall' in error) return error.message.split(`, ${error.syscall}`, 1)[0] ?? error.message
  return error.code === 'ERR_INVALID_ARG_VALUE' && error.message.includes('without null bytes')
    ? 'a path cannot hold a NUL character'
    : null
}
