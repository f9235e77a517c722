/**
 * `node store-trainer.mjs <parent> <bucket url> <endpoint>`: trains a run that is kept on S3, as plain Node does. After its first checkpoint it says
 * `checkpoint <step>` and waits for a line before it goes on; at its end it says `ended` and how.
 */
import { createInterface } from 'node:readline'
import { makeDigits } from '@laperm/data'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import { executeRun } from '@laperm/runs'
import { openS3Store, parseS3Url } from '@laperm/store-s3'
import { resolveExperiment } from '@laperm/train'
import { taskEither as TE } from 'fp-ts'

const [parent, url, endpoint] = process.argv.slice(2)
const experiment = resolveExperiment({
  model: 'f1',
  initializer: { kind: 'heUniform' },
  sparsity: { kind: 'none' },
  dataset: 'digits',
  batchSize: 50,
  epochs: 4,
  threads: 1,
  outer: { syncPeriod: { kind: 'constant', period: 5 } },
}).right
const goOn = new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve))
let checkpoint = null
const executed = await executeRun(experiment, {
  directory: null,
  parent,
  source: { dataDir: null, folder: null, acceptChecksum: false },
  loadEngine: () => makeOnnxEngine({ threads: 1 }),
  loadData: () => TE.right(makeDigits(1, { train: 500, test: 200 })),
  checkpointEveryMs: 0,
  ...(url === undefined
    ? {}
    : { stored: { store: openS3Store(parseS3Url(url).right, { endpoint }), patienceMs: 15_000 } }),
  report: (event) => {
    if (event.kind === 'started') console.log(`started ${event.how} ${event.step}`)
  },
  observe: (event) => {
    if (event.kind === 'checkpoint' && checkpoint === null) checkpoint = event.checkpoint.position.step
    else if (event.kind === 'step' && checkpoint !== null && event.step > checkpoint) {
      if (checkpoint >= 0) console.log(`checkpoint ${checkpoint}`)
      checkpoint = Number.POSITIVE_INFINITY
      return goOn
    }
    return undefined
  },
})()
console.log(
  executed._tag === 'Right' ? `ended ${executed.right.summary.status}` : JSON.stringify(executed.left),
)
process.exit(0)
