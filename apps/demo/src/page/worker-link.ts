/** The page's end of the training worker: requests out, events in, and a new worker where the old one died. */
import type { TrainingEvent } from '../messages/events.ts'
import type { PostedRequest } from '../messages/requests.ts'

export interface WorkerLink {
  readonly ask: (request: PostedRequest, transfer?: Transferable[]) => void
  /** End the worker with everything in it and start another. */
  readonly restart: () => void
}

/**
 * @param onEvent every event, in order.
 * @param onCrash the worker stopped for a reason of its own; it answers nothing any more.
 */
export const linkWorker = (
  onEvent: (event: TrainingEvent) => void,
  onCrash: (reason: string) => void,
): WorkerLink => {
  let worker: Worker
  const restart = (): void => {
    worker?.terminate()
    const started = new Worker(new URL('../worker/training-worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    })
    // Of a worker that was replaced nobody wants to hear.
    started.onmessage = ({ data }: MessageEvent<TrainingEvent>) => {
      if (started === worker) onEvent(data)
    }
    started.onerror = (event) => {
      event.preventDefault()
      // Its loop may still go round, with whatever the error left behind.
      started.terminate()
      if (started === worker) onCrash(event.message ?? 'its code could not be loaded')
    }
    worker = started
  }
  restart()
  return {
    ask: (request, transfer = []) => worker.postMessage(request, transfer),
    restart,
  }
}
