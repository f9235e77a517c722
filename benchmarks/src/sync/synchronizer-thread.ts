/** The thread of own-thread.ts: makes one synchronizer and answers, one request after another. An error ends it and is told by that. */
import { parentPort, workerData } from 'node:worker_threads'
import { javascriptSynchronizers } from './javascript-synchronizers.ts'
import type { SynchronizerKey, ThreadReady, ThreadRequest } from './own-thread.ts'
import type { Synchronizer } from './synchronizer.ts'

if (parentPort === null) throw new TypeError('synchronizer-thread runs as a worker thread')
const port = parentPort

const synchronizer: Synchronizer = await javascriptSynchronizers[workerData as SynchronizerKey]()

const answer = async (request: ThreadRequest): Promise<unknown> => {
  switch (request.op) {
    case 'load':
      return synchronizer.load(request.weights)
    case 'run':
      return synchronizer.run(request.repeats)
    case 'result':
      // Posting a view would copy all of the memory that it is of.
      return (await synchronizer.result()).slice()
    default:
      return request satisfies never
  }
}

port.on('message', async (request: ThreadRequest) => {
  port.postMessage(await answer(request))
})
port.postMessage({ name: synchronizer.name, minLength: synchronizer.minLength ?? 1 } satisfies ThreadReady)
