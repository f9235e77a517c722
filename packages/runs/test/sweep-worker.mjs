/** A worker process of the tests' sweeps: digits, and the onnx engine on one thread. Runs `dist`, as plain Node does. */
import { makeDigits } from '@laperm/data'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import { serveOrders } from '@laperm/runs/sweep'
import { taskEither as TE } from 'fp-ts'

const gone = new AbortController()
process.once('disconnect', () => gone.abort())
let sent = Promise.resolve()

await serveOrders(
  {
    send: (report) => {
      if (process.connected) sent = new Promise((resolve) => process.send(report, resolve))
    },
    onOrder: (listener) => process.on('message', listener),
    gone: gone.signal,
  },
  {
    loadEngine: ({ threads }) => makeOnnxEngine({ threads: threads ?? 1 }),
    loadData: () => TE.right(makeDigits(1, { train: 500, test: 200 })),
    renderFailure: (failure) => JSON.stringify(failure),
  },
)
await sent
process.exit(0)
