/** What the worker does for each request, and what it tells the page. Called by one loop, never twice at once. */
import type { Engine } from '@laperm/engine'
import { renderNotAnArrangement } from '@laperm/formats'
import { renderTrainError } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { Opinion, TrainingState } from '../messages/events.ts'
import type { TrainingRequest } from '../messages/requests.ts'
import { pageWords } from '../remedies.ts'
import { defaultSettings } from '../settings/default-settings.ts'
import { entriesOf } from '../settings/per-contender.ts'
import { contenderTitles, type RunSettings } from '../settings/run-settings.ts'
import { linkHash } from '../settings/settings-text.ts'
import { makeAlteredNetwork } from './altered-network.ts'
import { makeAnnouncer, type Say } from './announcer.ts'
import { planContenders } from './contenders.ts'
import { makeDataShelf } from './data-shelf.ts'
import { drawDigits } from './draw-digits.ts'
import { loadEngine } from './load-engine.ts'
import { makeLoadedNetwork } from './loaded-network.ts'
import { classify } from './opinions.ts'
import { makePastNetwork } from './past-network.ts'
import { probeBackends } from './probe-backends.ts'
import { type Ending, endingOf, orEnd } from './run-ended.ts'
import { saveNetwork } from './save-network.ts'
import { arraysOf, layerViews } from './snapshot.ts'
import { makeTrainingRun, type StepResult, type TrainingRun } from './training-run.ts'

export interface Trainer {
  readonly answer: (request: TrainingRequest) => Promise<void>
  readonly isRunning: () => boolean
  /** One step, and what is due after it. */
  readonly advance: () => Promise<void>
  /** Milliseconds until the next step is due, where the visitor wants to see each; 0 where it is now. */
  readonly rest: () => number
}

const divergence = ({ step, contenders }: Extract<StepResult, { readonly kind: 'diverged' }>): Ending => ({
  reason: `Training has diverged at step ${step}: the loss or a weight of ${new Intl.ListFormat('en').format(
    contenders.map((name) => contenderTitles[name]),
  )} is no longer a finite number. ${pageWords.session.lowerLearningRate}`,
  isDeviceLost: false,
})

export const makeTrainer = (say: Say): Trainer => {
  const shelf = makeDataShelf(drawDigits())
  const loaded = makeLoadedNetwork()
  const altered = makeAlteredNetwork()
  const past = makePastNetwork()
  const announcer = makeAnnouncer(say)
  let engine: { readonly key: string; readonly engine: Promise<Engine> } | undefined
  let run: TrainingRun | undefined
  let running = false
  /** Where the run pauses by itself. */
  let pauseAt = 0
  /** Least time from one step to the next, and when the last one began. */
  let stepMs = 0
  let stepBegan = Number.NEGATIVE_INFINITY
  /** Whose theta_0 is shown while there is no run. */
  let previewed: RunSettings = defaultSettings

  const enter = (state: TrainingState, detail = ''): void => say({ kind: 'state', state, detail })
  const refuse = (about: 'alteration' | 'data' | 'network' | 'settings', reason: string): void =>
    say({ kind: 'refused', about, reason })

  const pause = async (detail: string): Promise<void> => {
    running = false
    if (run === undefined) return
    announcer.report(run)
    await announcer.picture(run)
    enter('paused', detail)
  }
  const discard = async (): Promise<void> => {
    running = false
    const old = run
    run = undefined
    await altered.close()
    await past.close()
    await old?.dispose()
  }
  /** The run is over, and with it whatever lived on its device. */
  const fail = async (ending: Ending): Promise<void> => {
    if (run !== undefined) announcer.report(run)
    await discard().catch(() => undefined)
    await loaded.close().catch(() => undefined)
    engine = undefined
    say({ kind: 'failed', ...ending })
    enter('idle')
  }

  const engineFor = async (settings: RunSettings): Promise<Engine> => {
    const key = `${settings.backend} ${settings.software}`
    if (engine?.key === key) return engine.engine
    // Sessions belong to the backend that made them.
    if (engine !== undefined) await loaded.close()
    const made = loadEngine(settings).then(orEnd)
    engine = { key, engine: made }
    return made
  }

  /** There is no run of these settings; the present one stays. */
  const decline = (about: 'data' | 'settings', reason: string): undefined => {
    enter(run === undefined ? 'idle' : 'paused')
    refuse(about, reason)
  }
  /** Begin to load the first engine of this worker, and show theta_0 meanwhile: neither needs the data. */
  const beginToLoad = (settings: RunSettings): void => {
    announcer.preview(settings)
    // Whoever awaits the engine hears why it cannot run.
    engineFor(settings).catch(() => undefined)
  }
  /** The run of these settings: the present one, or a new one. Undefined where its data are missing, or nothing can move. */
  const prepare = async (settings: RunSettings): Promise<TrainingRun | undefined> => {
    if (run !== undefined && linkHash(run.settings) === linkHash(settings)) return run
    enter('preparing', 'loading the backend')
    if (engine === undefined) beginToLoad(settings)
    const shelved = await shelf.take(settings)
    if (E.isLeft(shelved)) return decline('data', shelved.left)
    const { dataset } = shelved.right
    const plans = planContenders(settings, dataset)
    if (E.isLeft(plans)) return decline('settings', renderTrainError(plans.left, pageWords))
    if (previewed.model !== settings.model) announcer.lookWhereItMoves()
    await discard()
    const loadedEngine = await engineFor(settings)
    const made = orEnd(await makeTrainingRun(loadedEngine, settings, plans.right, shelved.right))
    run = made
    previewed = settings
    pauseAt = settings.steps
    say({ kind: 'layers', layers: layerViews(made.initial) })
    say({
      kind: 'prepared',
      engine: loadedEngine.describe,
      parameters: made.initial.reduce((sum, { values }) => sum + values.length, 0),
      trainExamples: dataset.train.count,
      testExamples: dataset.test.count,
      watchedExamples: made.watched.count,
      data: dataset.name,
    })
    await made.begin()
    announcer.report(made)
    await announcer.picture(made)
    return made
  }

  const advance = async (): Promise<void> => {
    if (run === undefined) return
    stepBegan = performance.now()
    try {
      const result = await run.advance()
      if (result.kind === 'diverged') return await fail(divergence(result))
      await announcer.afterStep(run)
      if (run.step() < pauseAt) return
      pauseAt += run.settings.steps
      if (running) await pause('the steps that were set are done; Go on takes as many again')
    } catch (error) {
      await fail(endingOf(error))
    }
  }

  const opinions = async (image: Float32Array): Promise<readonly Opinion[]> => {
    const found: Opinion[] = []
    if (run !== undefined)
      for (const [network, { session }] of entriesOf(run.contenders)) {
        const before = network === 'laperm' ? await past.classify(run, image) : null
        const probabilities = before ?? (await classify(session, run.normalizer, image))
        found.push({ network, step: before === null ? null : past.step(), probabilities })
      }
    const fromFile = await loaded.classify(image)
    return fromFile === null ? found : [...found, { network: 'loaded', step: null, probabilities: fromFile }]
  }
  /** Show a synchronization that is over, or the present. */
  const goBack = async (step: number | null): Promise<void> => {
    if (run === undefined) return
    const view = past.goTo(run, step, announcer.view())
    if (view === null) await announcer.picture(run)
    else
      say(
        { kind: 'moment', view },
        arraysOf(view).map(({ buffer }) => buffer as ArrayBuffer),
      )
  }

  const start = async (settings: RunSettings): Promise<void> => {
    if ((await prepare(settings)) === undefined) return
    running = true
    enter('running')
  }
  const step = async (settings: RunSettings): Promise<void> => {
    running = false
    if ((await prepare(settings)) === undefined) return
    await advance()
    await pause('')
  }
  const reset = async (settings: RunSettings): Promise<void> => {
    await discard()
    say({ kind: 'discarded' })
    if (previewed.model !== settings.model) announcer.lookWhereItMoves()
    previewed = settings
    announcer.preview(settings)
    enter('idle')
  }

  const carryOut = async (request: TrainingRequest): Promise<void> => {
    switch (request.kind) {
      case 'probe':
        say({ kind: 'probed', backends: await probeBackends() })
        break
      case 'start':
        await start(request.settings)
        break
      case 'step':
        await step(request.settings)
        break
      case 'pause':
        if (running) await pause('')
        break
      case 'reset':
        await reset(request.settings)
        break
      case 'view':
        announcer.look(request.layer, request.neuron)
        if (run === undefined) announcer.preview(previewed)
        else {
          await announcer.picture(run)
          if (past.step() !== null) await goBack(past.step())
        }
        break
      case 'sample': {
        const image = await shelf.sample(run?.settings ?? previewed, request.digit)
        if (image !== null) say({ kind: 'sample', image }, [image.buffer])
        break
      }
      case 'goBack':
        await goBack(request.step)
        break
      case 'alter':
        if (run === undefined) refuse('alteration', 'There is no network yet: press Start first.')
        else
          say({
            kind: 'altered',
            altered: await altered.measure(run, request.alteration, announcer.view().layer),
          })
        break
      case 'pace':
        stepMs = request.stepsPerSecond === null ? 0 : 1000 / request.stepsPerSecond
        break
      case 'classify':
        say({ kind: 'opinions', opinions: await opinions(request.image) })
        break
      case 'save':
        if (run === undefined) refuse('network', 'There is no network yet: press Start first.')
        else if (run.contenders[request.optimizer] === undefined)
          refuse('network', 'Lookahead takes no part in this run; the settings can make it train too.')
        else {
          const saved = await saveNetwork(run, request.optimizer, request.format)
          if (E.isRight(saved)) say({ kind: 'saved', ...saved.right }, [saved.right.bytes.buffer])
          else if (saved.left._tag === 'NotAnArrangement')
            refuse('network', `${renderNotAnArrangement(saved.left)} Save it as .safetensors.`)
          else orEnd(E.left(saved.left))
        }
        break
      case 'load': {
        const opened = await loaded.open(request.file, request.settings, shelf, engineFor)
        if (E.isLeft(opened)) refuse('network', opened.left)
        else say({ kind: 'loaded', network: opened.right })
        break
      }
      case 'files': {
        const problems = await shelf.give(request.files)
        say({ kind: 'files', ...shelf.contents() })
        if (problems.length > 0) refuse('data', problems.join(' '))
        break
      }
      default:
        request satisfies never
    }
  }

  return {
    answer: async (request) => {
      try {
        await carryOut(request)
      } catch (error) {
        await fail(endingOf(error))
      }
    },
    isRunning: () => running,
    advance,
    // Before the first synchronization there is nothing to be seen slowly.
    rest: () =>
      run === undefined || run.step() < run.settings.syncPeriod
        ? 0
        : Math.max(0, stepBegan + stepMs - performance.now()),
  }
}
