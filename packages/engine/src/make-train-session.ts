/**
 * A session around an engine's work: everything that is the same on every engine.
 *
 * It checks arguments, keeps calls apart, turns what is thrown into session errors, and remembers whether the session is whole: after a
 * failure between the first and the last write nothing goes on before `initialize` or `writeState`.
 */
import type { InferredModel } from '@laperm/models'
import { either as E, type taskEither as TE } from 'fp-ts'
import type { CompileOptions } from './compile-options.ts'
import { faultOf } from './fault-of.ts'
import { checkBatch, checkNames, checkParams, checkState, checkStep } from './session-checks.ts'
import { engineStopped, type SessionError } from './session-error.ts'
import type { SessionWork } from './session-work.ts'
import type { TrainSession } from './train-session.ts'

/** Where a session stands between two calls. */
type Standing =
  | { readonly kind: 'empty' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'torn'; readonly reason: string }
  | { readonly kind: 'ended'; readonly error: SessionError }

type Call = Exclude<keyof TrainSession, 'inferred' | 'dispose'>

const endsSession = (error: SessionError): boolean =>
  error._tag === 'DeviceLost' || (error._tag === 'EngineStopped' && error.remedy === 'compileAgain')

/**
 * Make a session.
 *
 * @param engine its name, for errors.
 * @param inferred a model that `checkTrainable` accepts.
 * @param options that `checkCompileOptions` accepts.
 */
export const makeTrainSession = (
  engine: string,
  inferred: InferredModel,
  options: CompileOptions,
  work: SessionWork,
): TrainSession => {
  const { name } = inferred.model
  let standing: Standing = { kind: 'empty' }
  let underWay: string | undefined
  let disposing: Promise<void> | undefined

  const stand = (next: Standing): void => {
    if (standing.kind !== 'ended') standing = next
  }
  /** Why a call may not begin, if so. */
  const refusal = (call: Call): SessionError | undefined => {
    if (standing.kind === 'ended') return standing.error
    if (standing.kind === 'empty' && call !== 'initialize')
      throw new TypeError(`${call}: call initialize first, the parameters of ${name} have no values yet`)
    if (underWay !== undefined)
      throw new TypeError(`${call}: the session is still busy with ${underWay}; await each call`)
    return standing.kind === 'torn' && call !== 'initialize' && call !== 'writeState'
      ? engineStopped(engine, standing.reason, 'restoreState')
      : undefined
  }
  /**
   * One call. `initialize` and `writeState` write from their first moment; a failed `initialize` leaves a session without values.
   */
  const run =
    <A>(
      call: Call,
      doing: string,
      task: (willWrite: () => void) => Promise<A>,
    ): TE.TaskEither<SessionError, A> =>
    async () => {
      const refused = refusal(call)
      if (refused !== undefined) return E.left(refused)
      const restores = call === 'initialize' || call === 'writeState'
      let hasWritten = restores
      underWay = doing
      try {
        const value = await task(() => {
          hasWritten = true
        })
        if (restores) stand({ kind: 'whole' })
        return E.right(value)
      } catch (thrown) {
        // It was disposed of meanwhile.
        if (standing.kind === 'ended') return E.left(standing.error)
        const error = faultOf(engine, doing, thrown, hasWritten ? 'restoreState' : 'goOn')
        if (endsSession(error)) stand({ kind: 'ended', error })
        else if (call === 'initialize') stand({ kind: 'empty' })
        else if (hasWritten)
          stand({ kind: 'torn', reason: `${doing} failed halfway and left the session's state torn` })
        return E.left(error)
      } finally {
        underWay = undefined
      }
    }

  return {
    inferred,
    initialize: (initial) => {
      checkParams(inferred, initial)
      return run('initialize', `setting the parameters of ${name}`, () => work.initialize(initial))
    },
    trainStep: (batch, learningRate, step) => {
      checkStep(learningRate, step)
      checkBatch(inferred, batch)
      return run('trainStep', `training step ${step} of ${name} with ${batch.size} examples`, (willWrite) =>
        work.trainStep(batch, learningRate, step, willWrite),
      )
    },
    evaluate: (batch) => {
      checkBatch(inferred, batch)
      return run('evaluate', `evaluating ${batch.size} examples with ${name}`, () => work.evaluate(batch))
    },
    sync: () => run('sync', `synchronizing ${name}`, work.sync),
    readParams: (names) => {
      if (names !== undefined) checkNames(inferred, names)
      return run('readParams', `reading the parameters of ${name}`, async () => {
        const params = await work.readParams(names)
        return names === undefined ? params : params.filter((param) => names.includes(param.name))
      })
    },
    readState: () => run('readState', `reading the state of ${name}`, work.readState),
    writeState: (state) => {
      checkState(inferred, options, state)
      return run('writeState', `writing the state of ${name}`, () => work.writeState(state))
    },
    dispose: () => {
      stand({
        kind: 'ended',
        error: engineStopped(engine, `the session of ${name} was disposed`, 'compileAgain'),
      })
      disposing ??= work.dispose()
      return disposing
    },
  }
}
