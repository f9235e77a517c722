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
 * @param onCrash the worker has ended, by an error of its own or from outside; it answers nothing any more.
 */
export const linkWorker = (
  onEvent: (event: TrainingEvent) => void,
  onCrash: (reason: string) => void,
): WorkerLink => {
  let worker: Worker | undefined
  const restart = (): void => {
    worker?.terminate()
    // The lock that the worker holds for as long as it lives has the same name.
    const name = `training ${Math.random().toString(36).slice(2)}`
    const started = new Worker(new URL('../worker/training-worker.ts', import.meta.url), {
      type: 'module',
      name,
    })
    const crash = (reason: string): void => {
      // Of a worker that was replaced nobody wants to hear, and of one that ended only once.
      if (started !== worker) return
      worker = undefined
      onCrash(reason)
    }
    /** A browser tells nobody that it has ended a worker, as it does when memory is short; but it frees the worker's lock. */
    const watch = (): void =>
      void navigator.locks?.request(name, () =>
        crash('the browser has ended it, as it does when memory is short'),
      )
    started.onmessage = ({ data }: MessageEvent<TrainingEvent>) => {
      if (data.kind === 'alive') watch()
      else if (started === worker) onEvent(data)
    }
    started.onerror = (event) => {
      event.preventDefault()
      // Its loop may still go round, with whatever the error left behind.
      started.terminate()
      crash(event.message ?? 'its code could not be loaded')
    }
    worker = started
  }
  restart()
  return {
    ask: (request, transfer = []) => worker?.postMessage(request, transfer),
    restart,
  }
}
