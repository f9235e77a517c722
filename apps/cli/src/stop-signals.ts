/**
 * Which signals end a command in good order. TERM, HUP (a closed terminal), USR1 and USR2 (batch schedulers send one before the time is up)
 * do what Ctrl-C does. QUIT is left to the system: it ends a process that hangs, with a core dump.
 */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/** @returns a function that stops listening. */
export const onStopSignals = (handlers: {
  /** The first signal. */
  readonly stop: (signal: NodeJS.Signals) => void
  /** Ctrl-C after that. Other signals come in pairs, as HUP and TERM of a session that closes do, and mean nothing new. */
  readonly stopAtOnce: () => void
}): (() => void) => {
  let isStopping = false
  const listen = (signal: NodeJS.Signals): void => {
    if (!isStopping) handlers.stop(signal)
    else if (signal === 'SIGINT') handlers.stopAtOnce()
    isStopping = true
  }
  // Windows knows no USR1 and USR2.
  const known = process.platform === 'win32' ? signals.slice(0, 3) : signals
  for (const signal of known) process.on(signal, listen)
  return () => {
    for (const signal of known) process.off(signal, listen)
  }
}
