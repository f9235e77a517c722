/**
 * Let other work in while a long run goes on.
 */

// In Node and in browsers; the language's own library does not declare it.
declare const setTimeout: (callback: () => void, milliseconds: number) => unknown

/** Called between pieces of work; waits a moment when enough time has passed since it last did. */
export type Pace = () => Promise<void>

/** @param sliceMs how long to go on without a pause, in milliseconds. */
export const makePace = (sliceMs: number): Pace => {
  let pausedAt = Date.now()
  return async () => {
    if (Date.now() - pausedAt < sliceMs) return
    await new Promise<void>((resume) => {
      setTimeout(resume, 0)
    })
    pausedAt = Date.now()
  }
}
