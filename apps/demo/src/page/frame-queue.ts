/** Drawing without long tasks: what is to be drawn waits for animation frames, a few milliseconds of it in each. */

export interface FrameQueue {
  /** Draw soon; what waits under the same key is not drawn any more. */
  readonly put: (key: string, draw: () => void) => void
}

/** How much of a frame is used before the rest waits for the next one. */
const budgetMs = 8

export const makeFrameQueue = (): FrameQueue => {
  const waiting = new Map<string, () => void>()
  let isScheduled = false
  const work = (): void => {
    isScheduled = false
    const start = performance.now()
    for (const [key, draw] of waiting) {
      waiting.delete(key)
      draw()
      if (performance.now() - start >= budgetMs) break
    }
    schedule()
  }
  const schedule = (): void => {
    if (isScheduled || waiting.size === 0) return
    isScheduled = true
    requestAnimationFrame(work)
  }
  return {
    put: (key, draw) => {
      waiting.set(key, draw)
      schedule()
    },
  }
}
