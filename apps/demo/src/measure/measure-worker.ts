/** The synchronize benchmark off the page's thread. */
import {
  type Backend,
  initializeParams,
  type Params,
  renderRemedy,
  sort,
  weightVectorsSize,
} from '@laperm/core'
import { inferShapes, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'
import { pageRemedies } from '../remedies.ts'
import { loadBackend } from '../verify/load-backend.ts'
import { type Bench, makeBench, measureInTurns, quartiles, type SyncJob } from './measure-sync.ts'
import {
  type MeasuredBackend,
  type MeasuredModel,
  type MeasureMessage,
  type MeasureRequest,
  measuredBackends,
} from './messages.ts'

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

/** A backend with its banks, while it is measured. */
interface Measured extends Pick<Backend<unknown>, 'device' | 'close'> {
  readonly name: MeasuredBackend
  readonly bench: Bench
}

const measure = async ({ model, rounds, allowSoftware }: MeasureRequest): Promise<void> => {
  const jobs = jobsOf(model)
  const here: Measured[] = []
  for (const name of measuredBackends) {
    const loaded = await loadBackend(
      name,
      allowSoftware,
      (backend): Measured => ({
        name,
        device: backend.device,
        close: backend.close,
        bench: makeBench(backend, jobs, () => performance.now()),
      }),
    )
    if (E.isRight(loaded)) here.push(loaded.right)
    else {
      const { reason, remedy } = loaded.left
      say({ kind: 'unavailable', name, reason: `${reason}. ${renderRemedy(remedy, pageRemedies)}` })
    }
  }
  const times = await measureInTurns(
    here.map(({ bench }) => bench),
    rounds,
    (done) => say({ kind: 'progress', done, total: rounds }),
  )
  for (const { bench, close } of here) {
    bench.dispose()
    close()
  }
  say({
    kind: 'done',
    weights: jobs.reduce((sum, { w }) => sum + w.values.length, 0),
    timings: here.map(({ name, device }, i) => {
      const [low, medianMs, high] = quartiles(times[i])
      return { name, device, medianMs, quartilesMs: [low, high] }
    }),
  })
}

self.onmessage = ({ data }: MessageEvent<MeasureRequest>) => {
  // A rejection becomes an error event of the worker, which the page shows.
  void measure(data).catch((error: unknown) => setTimeout(() => Promise.reject(error)))
}
