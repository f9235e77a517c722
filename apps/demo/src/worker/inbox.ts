/** Requests in the order in which they came. The worker looks between two steps, so that no session is ever called twice at once. */

export interface Inbox<Request> {
  readonly put: (request: Request) => void
  readonly take: () => Request | undefined
  /** Resolves when there is a request. */
  readonly arrival: () => Promise<void>
}

export const makeInbox = <Request>(): Inbox<Request> => {
  const waiting: Request[] = []
  let wake: (() => void) | undefined
  return {
    put: (request) => {
      waiting.push(request)
      wake?.()
      wake = undefined
    },
    take: () => waiting.shift(),
    arrival: () =>
      waiting.length > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve
          }),
  }
}

/** Let the event loop deliver messages: promises alone, as a backend on the CPU gives them, would never let one in. */
export const makeTurn = (): (() => Promise<void>) => {
  const { port1, port2 } = new MessageChannel()
  let resume: (() => void) | undefined
  port1.onmessage = () => resume?.()
  return () =>
    new Promise((resolve) => {
      resume = resolve
      port2.postMessage(null)
    })
}
