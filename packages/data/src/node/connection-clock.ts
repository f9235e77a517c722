/** Cuts connections that are silent, or that dribble: a mirror that never ends is worse than one that fails. */

export interface ConnectionLimits {
  /** A connection that is silent for so long counts as cut; default 30,000. */
  readonly stallTimeoutMs?: number | undefined
  /** Slower than this over a whole {@link ConnectionLimits.rateWindowMs} counts as cut; default 1,024. */
  readonly leastBytesPerSecond?: number | undefined
  /** Default 60,000. */
  readonly rateWindowMs?: number | undefined
}

export interface ConnectionClock {
  readonly signal: AbortSignal
  /** Some bytes have come. */
  readonly arrived: (sizeBytes: number) => void
  readonly stop: () => void
}

export const startClock = ({
  stallTimeoutMs = 30_000,
  leastBytesPerSecond = 1024,
  rateWindowMs = 60_000,
}: ConnectionLimits): ConnectionClock => {
  const cut = new AbortController()
  const startStall = (): NodeJS.Timeout =>
    setTimeout(() => cut.abort(new Error(`nothing arrived for ${stallTimeoutMs / 1000} s`)), stallTimeoutMs)
  let stall = startStall()
  let inWindow = 0
  const rate = setInterval(() => {
    const seconds = rateWindowMs / 1000
    if (inWindow < leastBytesPerSecond * seconds)
      cut.abort(new Error(`only ${inWindow} bytes arrived in ${seconds} s`))
    inWindow = 0
  }, rateWindowMs)
  return {
    signal: cut.signal,
    arrived: (sizeBytes) => {
      clearTimeout(stall)
      stall = startStall()
      inWindow += sizeBytes
    },
    stop: () => {
      clearTimeout(stall)
      clearInterval(rate)
    },
  }
}
