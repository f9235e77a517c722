/**
 * A pool's thread in a browser. Not imported by anybody; `pool-web.ts` starts it by its file name.
 */
import { type PoolAnswer, type PoolJob, servePool } from './pool-job.ts'

// In web workers; neither the language's own library nor Node declares it.
declare const self: {
  onmessage: ((event: { readonly data: PoolJob }) => void) | null
  postMessage: (answer: PoolAnswer) => void
}

// Not awaited: bundlers make classic scripts of workers, which know no top-level await. It answers its own failures.
void servePool(
  (serve) => {
    self.onmessage = ({ data }) => serve(data)
  },
  (answer) => self.postMessage(answer),
)
