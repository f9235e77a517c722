/** The built-in digits, drawn on a thread of their own: meanwhile the training worker loads its backend. */
import { type Dataset, makeDigits } from '@laperm/data'

/** Enough to pass 97%, few enough to be drawn in a second. */
const sizes = { train: 6000, test: 1000 }

/** Draw them on this thread. */
export const drawDigitsHere = (): Dataset => makeDigits(1, sizes)

/** Draw them on another thread, or on this one where a worker cannot have workers. */
export const drawDigits = (): Promise<Dataset> =>
  new Promise((resolve) => {
    if (typeof Worker === 'undefined') return resolve(drawDigitsHere())
    const worker = new Worker(new URL('./digits-worker.ts', import.meta.url), {
      type: 'module',
      name: 'digits',
    })
    worker.onmessage = ({ data }: MessageEvent<Dataset>) => {
      worker.terminate()
      resolve(data)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      worker.terminate()
      resolve(drawDigitsHere())
    }
  })
