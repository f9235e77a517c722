/** Keeping a compiled session for the next run of the same network: of a short run, compiling is the longest part. */
import type { CompileOptions, Engine, TrainSession } from '@laperm/engine'
import type { InferredModel, Layer } from '@laperm/models'
import { either as E, type taskEither as TE } from 'fp-ts'

const hasDropout = (layers: readonly Layer[]): boolean =>
  layers.some(
    (layer) =>
      layer.kind === 'dropout' ||
      (layer.kind === 'residual' && (hasDropout(layer.body) || hasDropout(layer.shortcut))),
  )

/** What a session is compiled for. The seed decides nothing but dropout masks. */
const keyOf = ({ model }: InferredModel, { seed, ...options }: CompileOptions): string =>
  JSON.stringify([model, options, hasDropout(model.layers) ? seed : null])

interface Kept {
  readonly key: string
  readonly session: TrainSession
}

/** A session that is handed to `giveBack` instead of being disposed of, and whether it is fit for another run. */
const lend = (session: TrainSession, giveBack: (isFit: boolean) => Promise<void>): TrainSession => {
  let isFit = true
  let underWay = 0
  let isBack = false
  const watch =
    <L, A>(task: TE.TaskEither<L, A>): TE.TaskEither<L, A> =>
    async () => {
      underWay++
      try {
        const result = await task()
        if (E.isLeft(result)) isFit = false
        return result
      } catch (error) {
        isFit = false
        throw error
      } finally {
        underWay--
      }
    }
  return {
    inferred: session.inferred,
    initialize: (initial) => watch(session.initialize(initial)),
    trainStep: (batch, learningRate, step) => watch(session.trainStep(batch, learningRate, step)),
    evaluate: (batch) => watch(session.evaluate(batch)),
    sync: () => watch(session.sync()),
    readParams: (names) => watch(session.readParams(names)),
    readState: () => watch(session.readState()),
    writeState: (state) => watch(session.writeState(state)),
    dispose: async () => {
      if (isBack) return
      isBack = true
      await giveBack(isFit && underWay === 0)
    },
  }
}

/**
 * The same engine, whose sessions are kept when they are disposed of: one of the same network and options is given out again, and
 * `initialize` makes it a new one. A session that failed is not kept. One session is kept at a time.
 */
export const reusingSessions = (engine: Engine): Engine => {
  let kept: Kept | null = null
  const lendFor = (key: string, session: TrainSession): TrainSession =>
    lend(session, async (isFit) => {
      const last = kept
      kept = isFit ? { key, session } : null
      if (!isFit) await session.dispose()
      await last?.session.dispose()
    })
  return {
    ...engine,
    compile: (inferred, options) => async () => {
      const key = keyOf(inferred, options)
      const last = kept
      kept = null
      if (last?.key === key) return E.right(lendFor(key, last.session))
      // The memory of one is another's.
      await last?.session.dispose()
      return E.map((session: TrainSession) => lendFor(key, session))(
        await engine.compile(inferred, options)(),
      )
    },
  }
}
