/** What the worker does for each request, and what it tells the page. Called by one loop, never twice at once. */
import { type Engine, renderEngineError } from '@laperm/models'
import { either as E } from 'fp-ts'
import type { Snapshot, TrainingEvent, TrainingState } from '../messages/events.ts'
import type { TrainingRequest } from '../messages/requests.ts'
import { drawInitialParams } from '../settings/demo-models.ts'
import { defaultSettings, type RunSettings } from '../settings/run-settings.ts'
import { linkHash } from '../settings/settings-text.ts'
import { makeDataShelf } from './data-shelf.ts'
import { loadEngine } from './load-engine.ts'
import { makeLoadedNetwork } from './loaded-network.ts'
import { classify } from './opinions.ts'
import { probeBackends } from './probe-backends.ts'
import { saveNetwork } from './save-network.ts'
import { layerViews, takeSnapshot } from './snapshot.ts'
import { makeTrainingRun, type TrainingRun } from './training-run.ts'

export interface Trainer {
  readonly answer: (request: TrainingRequest) => Promise<void>
  readonly isRunning: () => boolean
  /** One step, and a report where one is due. */
  readonly advance: () => Promise<void>
}

/** How often the page hears of a running run. */
const everyMs = { report: 100, snapshot: 250 }

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const makeTrainer = (say: (event: TrainingEvent, transfer?: Transferable[]) => void): Trainer => {
  const shelf = makeDataShelf()
  const loaded = makeLoadedNetwork()
  let engine: { readonly key: string; readonly engine: Engine } | undefined
  let run: TrainingRun | undefined
  let running = false
  /** Where the run pauses by itself. */
  let pauseAt = 0
  let view = { layer: '', neuron: 0 }
  /** Whose theta_0 is shown while there is no run. */
  let shown = defaultSettings
  let reported = 0
  let pictured = 0
  let picturedSync = -1

  const state = (next: TrainingState, detail = ''): void => say({ kind: 'state', state: next, detail })

  const sayPicture = (snapshot: Snapshot): void => {
    const { image, sorted } = snapshot
    const arrays = [
      ...(image === null ? [] : [image.before, image.now]),
      sorted.initial,
      sorted.laperm,
      sorted.adam,
    ]
    say(
      { kind: 'snapshot', snapshot },
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    )
  }
  const report = (from: TrainingRun): void => {
    reported = performance.now()
    say({ kind: 'progress', progress: from.report() })
  }
  const stop = async (detail: string): Promise<void> => {
    running = false
    if (run === undefined) return state('idle', detail)
    report(run)
    await picture(run)
    state('paused', detail)
  }
  const discard = async (): Promise<void> => {
    running = false
    const old = run
    run = undefined
    await old?.dispose()
  }
  const fail = async (error: unknown): Promise<void> => {
    const reason = messageOf(error)
    if (run !== undefined) report(run)
    await discard().catch(() => undefined)
    await loaded.close().catch(() => undefined)
    engine = undefined
    say({ kind: 'failed', reason, isDeviceLost: /\blost\b/i.test(reason) })
    state('idle')
  }

  const engineFor = async (settings: RunSettings): Promise<Engine> => {
    const key = `${settings.backend} ${settings.software}`
    if (engine?.key === key) return engine.engine
    // Sessions belong to the backend that made them.
    await loaded.close()
    const made = await loadEngine(settings)
    if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
    engine = { key, engine: made.right }
    return made.right
  }

  /** The run of these settings, made where there is none. */
  const prepare = async (settings: RunSettings): Promise<TrainingRun | undefined> => {
    if (run !== undefined && linkHash(run.settings) === linkHash(settings)) return run
    await discard()
    const shelved = shelf.take(settings)
    if (E.isLeft(shelved)) {
      say({ kind: 'refused', about: 'data', reason: shelved.left })
      state('idle')
      return undefined
    }
    state(
      'preparing',
      settings.data === 'digits' ? 'loading the backend and drawing digits' : 'loading the backend',
    )
    const made = await makeTrainingRun(await engineFor(settings), settings, shelved.right)
    const { dataset } = shelved.right
    run = made
    shown = settings
    pauseAt = settings.steps
    say({ kind: 'layers', layers: layerViews(made.initial) })
    say({
      kind: 'prepared',
      engine: engine?.engine.describe ?? '',
      parameters: made.initial.reduce((sum, { values }) => sum + values.length, 0),
      trainExamples: dataset.train.count,
      testExamples: dataset.test.count,
      watchedExamples: made.watched.count,
      data: dataset.name,
    })
    await made.begin()
    report(made)
    await picture(made)
    return made
  }

  const advance = async (): Promise<void> => {
    if (run === undefined) return
    try {
      await run.advance()
      const now = performance.now()
      if (now - reported >= everyMs.report) report(run)
      if (now - pictured >= everyMs.snapshot && run.isSynced() && picturedSync !== run.step())
        await picture(run)
      if (run.step() >= pauseAt) {
        pauseAt += run.settings.steps
        await stop(`paused after ${run.step().toLocaleString('en')} steps, as set; Start goes on`)
      }
    } catch (error) {
      await fail(error)
    }
  }

  const opinions = async (image: Float32Array): Promise<void> => {
    const found = []
    if (run !== undefined) {
      const { contenders, shelved } = run
      for (const network of ['laperm', 'adam', 'lookahead'] as const)
        found.push({ network, probabilities: await classify(contenders[network], shelved.normalizer, image) })
    }
    const other = await loaded.classify(image)
    if (other !== null) found.push({ network: 'loaded' as const, probabilities: other })
    say({ kind: 'opinions', opinions: found })
  }

  const carryOut = async (request: TrainingRequest): Promise<void> => {
    switch (request.kind) {
      case 'probe':
        return say({ kind: 'probed', backends: await probeBackends() })
      case 'start':
        if ((await prepare(request.settings)) === undefined) return
        running = true
        return state('running')
      case 'step':
        running = false
        if ((await prepare(request.settings)) === undefined) return
        await advance()
        return run === undefined ? undefined : stop('one step was taken')
      case 'pause':
        return running ? stop('') : undefined
      case 'reset':
        await discard()
        preview(request.settings)
        return state('idle')
      case 'view':
        view = { layer: request.layer, neuron: request.neuron }
        return run === undefined ? preview(shown) : picture(run)
      case 'classify':
        return opinions(request.image)
      case 'save': {
        if (run === undefined)
          return say({
            kind: 'refused',
            about: 'network',
            reason: 'There is no network yet: press Start first.',
          })
        const saved = await saveNetwork(run, request.optimizer)
        return say({ kind: 'saved', ...saved }, [saved.bytes.buffer])
      }
      case 'load': {
        const outcome = await loaded.open(request.file, request.settings, shelf, engineFor)
        return say(
          E.isLeft(outcome)
            ? { kind: 'refused', about: 'network', reason: outcome.left }
            : { kind: 'loaded', network: outcome.right },
        )
      }
      case 'files': {
        const problems = await shelf.give(request.files)
        say({ kind: 'files', ...shelf.contents() })
        if (problems.length > 0) say({ kind: 'refused', about: 'data', reason: problems.join(' ') })
        return
      }
      default:
        return request satisfies never
    }
  }

  return {
    answer: async (request) => {
      try {
        await carryOut(request)
      } catch (error) {
        await fail(error)
      }
    },
    isRunning: () => running,
    advance,
  }
}
