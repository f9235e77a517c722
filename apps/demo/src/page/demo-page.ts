/** The page as a whole: what the worker tells goes to the sections, what the visitor does goes to the worker. It computes nothing itself. */
import { array as A, either as E } from 'fp-ts'
import type { TrainingEvent, TrainingState } from '../messages/events.ts'
import type { PostedRequest } from '../messages/requests.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash, readHash, writeSettings } from '../settings/settings-text.ts'
import { storySettings } from '../settings/story-settings.ts'
import { makeAlterSection } from './alter-section.ts'
import { copyLink } from './copy-link.ts'
import { makeDrawSection } from './draw-section.ts'
import { byId, setText } from './elements.ts'
import { makeFilesSection, readGiven } from './files-section.ts'
import { makeFrameQueue } from './frame-queue.ts'
import { makeKeepSection } from './keep-section.ts'
import { makeNotices } from './notices.ts'
import { makeNumberTables } from './number-tables.ts'
import { makePicturesSection } from './pictures-section.ts'
import { presetLinks } from './presets.ts'
import { makeRunControls } from './run-controls.ts'
import { describeRun } from './run-description.ts'
import { makeRunHistory } from './run-history.ts'
import { statusText } from './run-status.ts'
import { makeScoreboard } from './scoreboard.ts'
import { makeSettingsForm } from './settings-form.ts'
import { stoppedNotice } from './stopped-notice.ts'
import { makeStorySection } from './story-section.ts'
import { linkWorker } from './worker-link.ts'

/** What is said where a network is wanted of a worker that died. */
const networksGone =
  'The training worker has stopped, and its networks are gone with it. Start again to train them anew.'

/** So that eyes can follow: two synchronizations a second of the first run. */
const visibleStepsPerSecond = 40

/** Make the page alive. */
export const makeDemoPage = (): void => {
  const status = byId('status', HTMLElement)
  const scoresNote = byId('scores-note', HTMLElement)
  const numbers = byId('numbers', HTMLDetailsElement)
  const notices = makeNotices(byId('notices', HTMLElement))
  const frames = makeFrameQueue()
  const scoreboard = makeScoreboard()
  const drawTables = makeNumberTables()

  const slowly = byId('slowly', HTMLInputElement)
  const tellPace = (): void =>
    link.ask({ kind: 'pace', stepsPerSecond: slowly.checked ? visibleStepsPerSecond : null })

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
    frames.put('story', () => story.showHistory(history))
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
    tellPace()
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
    alter.clear()
    showHistory()
    setText(scoresNote, 'Share of test images that each network reads right. Nothing has been trained yet.')
  }
  /** There is no run: a worker has answered a reset (before that it may still tell of the step that it is in), or is a new one. */
  const showDiscarded = (): void => {
    startOver()
    state = 'idle'
    showControls()
  }
  const sendFiles = async (chosen: readonly File[]): Promise<void> => {
    const { left: problems, right: given } = A.separate(await Promise.all(chosen.map(readGiven)))
    if (problems.length > 0) {
      notices.show({ subject: 'data', tone: 'problem', text: problems.join(' ') })
      files.refused(problems.join(' '))
    }
    if (given.length > 0)
      link.ask(
        { kind: 'files', files: given },
        given.map(({ bytes }) => bytes.buffer),
      )
  }
  const load = async (file: File): Promise<void> => {
    if (isWorkerDead) await revive()
    const given = await readGiven(file)
    if (E.isLeft(given)) keep.refused(given.left)
    else
      link.ask({ kind: 'load', file: given.right, settings: writeSettings(form.settings()) }, [
        given.right.bytes.buffer,
      ])
  }
  /** The run from its start, in another worker. */
  const startAgain = async (change: Partial<RunSettings> = {}): Promise<void> => {
    settle({ ...form.settings(), ...change })
    await revive()
    await ask('start')
  }
  const offerToGoOn = (text: string): void => {
    notices.show(stoppedNotice(text, form.settings().backend, startAgain))
    state = 'idle'
    isOver = true
    setText(status, 'The run has stopped.')
    showControls()
  }

  const enter = (next: TrainingState, detail: string): void => {
    state = next
    setText(status, statusText(state, detail, history))
    if (state === 'running') notices.clear('run')
    if (state === 'running' || state === 'paused') draw.refresh()
    showControls()
  }

  const showPrepared = (event: Extract<TrainingEvent, { readonly kind: 'prepared' }>): void => {
    startOver()
    shown = asked
    describeRun(event)
  }
  const showRefused = ({ about, reason }: Extract<TrainingEvent, { readonly kind: 'refused' }>): void => {
    if (about === 'network') keep.refused(reason)
    else if (about === 'alteration') alter.refused(reason)
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
        story.showSnapshot(event.snapshot, frames)
        frames.put('story', () => story.showHistory(history))
        pictures.showSnapshot(event.snapshot, frames)
        if (event.snapshot.step > 0) draw.refresh()
        break
      case 'altered':
        alter.show(event.altered, frames)
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
  const story = makeStorySection(pictures.look)
  const alter = makeAlterSection((alteration) => {
    if (isWorkerDead) alter.refused(networksGone)
    else link.ask({ kind: 'alter', alteration })
  })
  const draw = makeDrawSection((image) => {
    if (isWorkerDead) draw.refused(networksGone)
    else link.ask({ kind: 'classify', image } satisfies PostedRequest)
  })
  const keep = makeKeepSection(
    (optimizer, format) => {
      if (isWorkerDead) keep.refused(networksGone)
      else link.ask({ kind: 'save', optimizer, format })
    },
    (file) => void load(file),
  )
  const files = makeFilesSection((given) => {
    const isNetwork = ({ name }: File): boolean => /\.(safetensors|laperm)$/.test(name)
    const networks = given.filter(isNetwork)
    const data = given.filter((file) => !isNetwork(file))
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
    // The run that is shown, whatever the form says by now.
    copyLink: () => void copyLink(shown ?? form.settings(), status, notices),
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
  /** Nobody asked for a run yet: the page shows one by itself, where pictures that move are welcome. */
  const playStory = (): void => {
    form.show(storySettings)
    slowly.checked = true
    tellPace()
    void ask(matchMedia('(prefers-reduced-motion: reduce)').matches ? 'reset' : 'start')
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
  const follow = (): void => (location.hash === '' ? playStory() : followLink())
  window.addEventListener('hashchange', () => {
    if (location.hash !== linkHash(form.settings())) follow()
  })
  numbers.addEventListener('toggle', () => drawTables(history))
  slowly.addEventListener('change', tellPace)
  link.ask({ kind: 'probe' })
  follow()
}
