/** The synchronize benchmark off the page's thread. */
import { initializeParams, type Params, sort, weightVectorsSize } from '@laperm/core'
import { inferShapes, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type LoadedBackend, loadBackend } from '../verify/load-backend.ts'
import { type BackendName, backendNames } from '../verify/messages.ts'
import { type Bench, makeBench, measureInTurns, quartiles, type SyncJob } from './measure-sync.ts'
import type { MeasuredModel, MeasureMessage, MeasureRequest } from './messages.ts'

const say = (message: MeasureMessage): void => self.postMessage(message)

/** Weights as training leaves them: not in order, and not theta_0's. */
const jobsOf = (model: MeasuredModel): readonly SyncJob[] => {
  const inferred = inferShapes(zoo[model])
  if (E.isLeft(inferred)) throw new TypeError(`zoo model ${model} does not infer`)
  const kernels = inferred.right.parameters.filter(({ role }) => role === 'kernel')
  const drawn = (seed: number): Params =>
    initializeParams(
      kernels.map((kernel) => ({ ...kernel, initializer: { kind: 'heUniform' as const } })),
      seed,
    )
  const [initial, trained] = [drawn(1), drawn(2)]
  return initial.map(({ values, shape }, i) => {
    const size = weightVectorsSize(shape)
    const sorted = sort({ values, ...size })
    if (E.isLeft(sorted)) throw new TypeError('initial weights hold NaN')
    return { sorted: sorted.right, w: { values: trained[i].values, ...size } }
  })
}

const measure = async ({ model, rounds, allowSoftware }: MeasureRequest): Promise<void> => {
  const jobs = jobsOf(model)
  const here: { readonly name: BackendName; readonly loaded: LoadedBackend; readonly bench: Bench }[] = []
  for (const name of backendNames) {
    const made = await loadBackend(name, allowSoftware)
    if (E.isLeft(made)) {
      say({ kind: 'unavailable', name, reason: `${made.left.reason}. ${made.left.remedy}` })
      continue
    }
    const bench = makeBench(made.right.backend, jobs, () => performance.now())
    here.push({ name, loaded: made.right, bench })
  }
  const times = await measureInTurns(
    here.map(({ bench }) => bench),
    rounds,
    (done) => say({ kind: 'progress', done, total: rounds }),
  )
  for (const { bench, loaded } of here) {
    bench.dispose()
    loaded.close()
  }
  say({
    kind: 'done',
    weights: jobs.reduce((sum, { w }) => sum + w.values.length, 0),
    timings: here.map(({ name, loaded }, i) => {
      const [low, medianMs, high] = quartiles(times[i])
      return { name, device: loaded.device, medianMs, quartilesMs: [low, high] }
    }),
  })
}

self.onmessage = ({ data }: MessageEvent<MeasureRequest>) => {
  // A rejection becomes an error event of the worker, which the page shows.
  void measure(data).catch((error: unknown) => setTimeout(() => Promise.reject(error)))
}
