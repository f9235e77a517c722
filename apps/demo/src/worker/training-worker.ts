/** The worker that trains: one loop that answers requests between two steps. All of tfjs and every session live here. */
import { either as E } from 'fp-ts'
import type { TrainingEvent } from '../messages/events.ts'
import { parseRequest, type TrainingRequest } from '../messages/requests.ts'
import { makeInbox, makeTurn } from './inbox.ts'
import { makeTrainer } from './trainer.ts'

const say = (event: TrainingEvent, transfer: Transferable[] = []): void =>
  self.postMessage(event, { transfer })
const inbox = makeInbox<TrainingRequest>()
const turn = makeTurn()
const trainer = makeTrainer(say)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

self.onmessage = ({ data }: MessageEvent<unknown>) => {
  const request = parseRequest(data)
  if (E.isLeft(request)) say({ kind: 'refused', about: 'request', reason: request.left })
  else inbox.put(request.right)
}

void navigator.locks?.request(self.name, () => {
  say({ kind: 'alive' })
  // Held until the worker ends.
  return new Promise<never>(() => undefined)
})

for (;;) {
  const request = inbox.take()
  if (request !== undefined) await trainer.answer(request)
  else if (trainer.isRunning()) {
    const rest = trainer.rest()
    // What arrives meanwhile is answered at once.
    if (rest > 0) await Promise.race([pause(rest), inbox.arrival()])
    else {
      await trainer.advance()
      await turn()
    }
  } else await inbox.arrival()
}
