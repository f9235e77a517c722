/** The page as a whole: what the worker tells goes to the sections, what the visitor does goes to the worker. It computes nothing itself. */
import type { TrainingEvent, TrainingState } from '../messages/events.ts'
import type { GivenFile, PostedRequest } from '../messages/requests.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash, readHash, writeSettings } from '../settings/settings-text.ts'
import { makeDrawSection } from './draw-section.ts'
import { byId, setText } from './elements.ts'
import { makeFilesSection } from './files-section.ts'
import { makeFrameQueue } from './frame-queue.ts'
import { makeKeepSection } from './keep-section.ts'
import { makeNotices } from './notices.ts'
import { makeNumberTables } from './number-tables.ts'
import { countText, percentText } from './number-text.ts'
import { makePicturesSection } from './pictures-section.ts'
import { presetLinks } from './presets.ts'
import { makeRunControls } from './run-controls.ts'
import { makeRunHistory } from './run-history.ts'
import { makeScoreboard } from './scoreboard.ts'
import { makeSettingsForm } from './settings-form.ts'
import { linkWorker } from './worker-link.ts'

const readFile = async (file: File): Promise<GivenFile> => ({
  name: file.name,
  bytes: new Uint8Array(await file.arrayBuffer()),
})

/** What is said where a network is wanted of a worker that died. */
const networksGone =
  'The training worker has stopped, and its networks are gone with it. Start again to train them anew.'

/** Make the page alive. */
export const makeDemoPage = (): void => {
  const status = byId('status', HTMLElement)
  const scoresNote = byId('scores-note', HTMLElement)
  const numbers = byId('numbers', HTMLDetailsElement)
  const notices = makeNotices(byId('notices', HTMLElement))
  const frames = makeFrameQueue()
  const scoreboard = makeScoreboard()
  const drawTables = makeNumberTables()

  let state: TrainingState = 'idle'
  let history = makeRunHistory()
  /** The settings of the run that is shown, and of the one that was asked for. */
  let shown: RunSettings | undefined
  let asked: RunSettings | undefined
  /** What the visitor gave, for a worker that has to start again. */
  let dataFiles: readonly File[] = []
  let isWorkerDead = false
  /** Whether the run that is shown ended by itself, so that there is only a new one. */
  let isOver = false

  const isStale = (): boolean => shown !== undefined && linkHash(shown) !== linkHash(form.settings())
  const showControls = (): void => controls.show(state, history.step(), isStale() || isOver)
  const showHistory = (): void => {
    frames.put('scores', () => scoreboard.show(history))
    pictures.showHistory(history, frames)
    if (numbers.open) frames.put('tables', () => drawTables(history))
  }
  /** Another worker in place of one that is dead or whose device is gone, with the files that the visitor gave. */
  const revive = async (): Promise<void> => {
    isWorkerDead = false
    link.restart()
    notices.clear('run')
    setText(status, '')
    showDiscarded()
    link.ask({ kind: 'probe' })
    if (dataFiles.length > 0) await sendFiles(dataFiles)
  }
  const ask = async (kind: 'start' | 'step' | 'reset'): Promise<void> => {
    if (isWorkerDead) await revive()
    asked = form.settings()
    notices.clear('settings')
    link.ask({ kind, settings: writeSettings(asked) })
  }
  const startOver = (): void => {
    history = makeRunHistory()
    shown = undefined
    isOver = false
    notices.clear('stale')
    showHistory()
    setText(scoresNote, 'Share of test images that each network reads right. Nothing has been trained yet.')
  }
  /** There is no run: a worker has answered a reset (before that it may still tell of the step that it is in), or is a new one. */
  const showDiscarded = (): void => {
    startOver()
    state = 'idle'
    showControls()
  }
  const sendFiles = async (files: readonly File[]): Promise<void> => {
    const given = await Promise.all(files.map(readFile))
    link.ask(
      { kind: 'files', files: given },
      given.map(({ bytes }) => bytes.buffer),
    )
  }
  const load = async (file: File): Promise<void> => {
    if (isWorkerDead) await revive()
    const given = await readFile(file)
    link.ask({ kind: 'load', file: given, settings: writeSettings(form.settings()) }, [given.bytes.buffer])
  }
  /** The run from its start, in another worker. */
  const startAgain = async (change: Partial<RunSettings> = {}): Promise<void> => {
    settle({ ...form.settings(), ...change })
    await revive()
    await ask('start')
  }
  const offerToGoOn = (text: string): void => {
    const isOnGpu = form.settings().backend !== 'wasm'
    notices.show({
      subject: 'run',
      tone: 'problem',
      text,
      actions: [
        { label: 'Start again', run: () => void startAgain() },
        ...(isOnGpu
          ? [{ label: 'Start again on WebAssembly', run: () => void startAgain({ backend: 'wasm' }) }]
          : []),
      ],
    })
    state = 'idle'
    isOver = true
    setText(status, 'The run has stopped.')
    showControls()
  }

  const summary = (): string => {
    const last = (['laperm', 'adam', 'lookahead'] as const).map((name) =>
      history.accuracies[name].values.at(-1),
    )
    const proof = history.proof()
    const [laperm, adam, lookahead] = last.map((value) =>
      value === undefined ? 'not measured' : percentText(value),
    )
    return `Test accuracy: LaPerm ${laperm}, Adam ${adam}, Lookahead ${lookahead}.${
      proof === null
        ? ''
        : ` ${countText(proof.permutedVectors)} of ${countText(proof.weightVectors)} weight vectors are permutations of θ₀.`
    }`
  }
  const enter = (next: TrainingState, detail: string): void => {
    state = next
    const why = detail === '' ? '' : `: ${detail}`
    if (state === 'preparing') setText(status, `Preparing${why} …`)
    else if (state === 'running') setText(status, 'Training.')
    else if (state === 'paused') setText(status, `Step ${countText(history.step())}${why}. ${summary()}`)
    else setText(status, '')
    if (state === 'running') notices.clear('run')
    if (state === 'running' || state === 'paused') draw.refresh()
    showControls()
  }

  const showPrepared = (event: Extract<TrainingEvent, { readonly kind: 'prepared' }>): void => {
    startOver()
    shown = asked
    const { watchedExamples, testExamples, data, trainExamples, parameters, engine } = event
    setText(
      scoresNote,
      `Share of ${countText(watchedExamples)} of the ${countText(testExamples)} test images of ${data} that each network reads right.`,
    )
    setText(
      byId('engine-note', HTMLElement),
      `${engine}. ${countText(parameters)} parameters a network, ${countText(trainExamples)} training images.`,
    )
  }
  const showRefused = ({ about, reason }: Extract<TrainingEvent, { readonly kind: 'refused' }>): void => {
    if (about === 'network') keep.refused(reason)
    else notices.show({ subject: about, tone: 'problem', text: reason })
  }

  const onEvent = (event: TrainingEvent): void => {
    switch (event.kind) {
      case 'probed':
        form.showBackends(event.backends)
        break
      case 'state':
        enter(event.state, event.detail)
        break
      case 'discarded':
        showDiscarded()
        break
      case 'layers':
        pictures.showLayers(event.layers)
        break
      case 'prepared':
        showPrepared(event)
        break
      case 'progress':
        history.add(event.progress)
        showHistory()
        break
      case 'snapshot':
        pictures.showSnapshot(event.snapshot, frames)
        break
      case 'opinions':
        frames.put('opinions', () => draw.show(event.opinions))
        break
      case 'saved':
        keep.saved(event.name, event.bytes, event.accuracy)
        break
      case 'loaded':
        keep.loaded(event.network)
        draw.refresh()
        break
      case 'files':
        files.show(event.present, event.missing, event.summary)
        break
      case 'refused':
        showRefused(event)
        break
      case 'failed':
        offerToGoOn(
          event.isDeviceLost ? `${event.reason} What was trained until then is still shown.` : event.reason,
        )
        break
      default:
        event satisfies never
    }
  }

  const link = linkWorker(onEvent, (reason) => {
    isWorkerDead = true
    offerToGoOn(`The training worker has stopped: ${reason}. What was trained until then is still shown.`)
  })
  const pictures = makePicturesSection((layer, neuron) => link.ask({ kind: 'view', layer, neuron }))
  const draw = makeDrawSection((image) => {
    if (isWorkerDead) draw.refused(networksGone)
    else link.ask({ kind: 'classify', image } satisfies PostedRequest)
  })
  const keep = makeKeepSection(
    (optimizer) => {
      if (isWorkerDead) keep.refused(networksGone)
      else link.ask({ kind: 'save', optimizer })
    },
    (file) => void load(file),
  )
  const files = makeFilesSection((given) => {
    const networks = given.filter(({ name }) => name.endsWith('.safetensors'))
    const data = given.filter(({ name }) => !name.endsWith('.safetensors'))
    if (networks[0] !== undefined) void load(networks[0])
    if (data.length === 0) return
    notices.clear('data')
    dataFiles = [...dataFiles.filter(({ name }) => !data.some((file) => file.name === name)), ...data]
    void (isWorkerDead ? revive() : sendFiles(data))
  })
  const controls = makeRunControls({
    start: () => void ask('start'),
    pause: () => link.ask({ kind: 'pause' }),
    step: () => void ask('step'),
    reset: () => void ask('reset'),
    copyLink: () => {
      const copied =
        navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error('no clipboard'))
      copied.then(
        () => setText(status, 'The link to this run is in the clipboard.'),
        () => notices.show({ subject: 'link', tone: 'hint', text: `The link to this run: ${location.href}` }),
      )
    },
  })
  const form = makeSettingsForm(byId('settings', HTMLFormElement), (settings) => {
    window.history.replaceState(null, '', linkHash(settings))
    if (history.step() === 0 && state !== 'running') void ask('reset')
    else if (isStale())
      notices.show({
        subject: 'stale',
        tone: 'hint',
        text: 'The settings have changed. They begin with a new run; the present one stays until then.',
        actions: [{ label: 'Start anew', run: () => void ask('start') }],
      })
    else notices.clear('stale')
    showControls()
  })
  /** Take settings that did not come from the form. */
  const settle = (settings: RunSettings): void => {
    form.show(settings)
    window.history.replaceState(null, '', linkHash(settings))
  }
  const followLink = (): void => {
    const { settings, problems } = readHash(location.hash)
    settle(settings)
    notices.clear('link')
    if (problems.length > 0)
      notices.show({
        subject: 'link',
        tone: 'problem',
        text: problems.map(({ message }) => message).join(' '),
      })
    void ask('reset')
  }

  byId('settings', HTMLFormElement).prepend(presetLinks())
  window.addEventListener('hashchange', () => {
    if (location.hash !== linkHash(form.settings())) followLink()
  })
  numbers.addEventListener('toggle', () => drawTables(history))
  link.ask({ kind: 'probe' })
  followLink()
}
