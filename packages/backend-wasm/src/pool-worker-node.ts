/**
 * A pool's thread in Node. Not imported by anybody; `pool-node.ts` starts it by its file name.
 */
import { parentPort } from 'node:worker_threads'
import { type PoolJob, servePool } from './pool-job.ts'

const port = parentPort
if (port !== null)
  await servePool(
    (serve) => port.on('message', (job: PoolJob) => serve(job)),
    (answer) => port.postMessage(answer),
  )
