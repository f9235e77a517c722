/** The page as a whole: what the worker tells goes to the sections, what the visitor does goes to the worker. It computes nothing itself. */
import type { TrainingEvent, TrainingState } from '../messages/events.ts'
import type { PostedRequest } from '../messages/requests.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash, writeSettings } from '../settings/settings-text.ts'
import { makeAlterSection } from './alter-section.ts'
import { copyLink } from './copy-link.ts'
import { makeDrawSection } from './draw-section.ts'
import { byId, setText } from './elements.ts'
import { makeFilesSection } from './files-section.ts'
import { makeFrameQueue } from './frame-queue.ts'
import { makeKeepSection } from './keep-section.ts'
import { movieHash } from './movie-link.ts'
import { makeMovieSection } from './movie-section.ts'
import { makeNotices } from './notices.ts'
import { makeNumberTables } from './number-tables.ts'
import { makePicturesSection } from './pictures-section.ts'
import { makeRunControls } from './run-controls.ts'
import { describeRun } from './run-description.ts'
import { makeRunHistory } from './run-history.ts'
import { statusText } from './run-status.ts'
import { makeScoreboard } from './scoreboard.ts'
import { makeSettingsForm } from './settings-form.ts'
import { steerSettings } from './settings-steering.ts'
import { stoppedNotice } from './stopped-notice.ts'
import { makeStorySection } from './story-section.ts'
import { makeTrainerLink } from './trainer-link.ts'

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
  const slowly = byId('slowly', HTMLInputElement)
  const errors = byId('errors', HTMLInputElement)
  const notices = makeNotices(byId('notices', HTMLElement))
  const frames = makeFrameQueue()
  const scoreboard = makeScoreboard()
  const drawTables = makeNumberTables()

  let state: TrainingState = 'idle'
  let history = makeRunHistory()
  /** The settings of the run that is shown, and of the one that was asked for. */
  let shown: RunSettings | undefined
  let asked: RunSettings | undefined
  /** Whether the run that is shown ended by itself, so that there is only a new one. */
  let isOver = false
  /** Whether a movie is shown as soon as the run has paused. */
  let isMovieWanted = false

  const tellPace = (): void =>
    link.ask({ kind: 'pace', stepsPerSecond: slowly.checked ? visibleStepsPerSecond : null })
  const isStale = (): boolean => shown !== undefined && linkHash(shown) !== linkHash(form.settings())
  const showControls = (): void => controls.show(state, history.step(), isStale() || isOver)
  const showStatus = (detail = ''): void => setText(status, statusText(state, detail, history))
  const showHistory = (): void => {
    frames.put('scores', () => scoreboard.show(history, errors.checked))
    frames.put('story', () => story.showHistory(history))
    frames.put('movie', () => movie.showHistory(history))
    pictures.showHistory(history, frames)
    if (numbers.open) frames.put('tables', () => drawTables(history))
  }
  const ask = async (kind: 'start' | 'step' | 'reset'): Promise<void> => {
    if (link.isDead()) await link.revive()
    asked = form.settings()
    notices.clear('settings')
    notices.clear('preset')
    link.ask({ kind, settings: writeSettings(asked) })
  }
  const startOver = (): void => {
    history = makeRunHistory()
    shown = undefined
    isOver = false
    notices.clear('stale')
    alter.clear()
    movie.clear()
    showHistory()
    setText(scoresNote, 'Measured on test images. Nothing has been trained yet.')
  }
  /** There is no run: a worker has answered a reset (before that it may still tell of the step that it is in), or is a new one. */
  const showDiscarded = (): void => {
    startOver()
    state = 'idle'
    showControls()
  }
  /** The run from its start, in another worker. */
  const startAgain = async (change: Partial<RunSettings> = {}): Promise<void> => {
    steering.settle({ ...form.settings(), ...change })
    await link.revive()
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
    showStatus(detail)
    if (state === 'running') notices.clear('run')
    if (state === 'running' || state === 'paused') draw.refresh()
    showControls()
    if (state !== 'paused' || !isMovieWanted) return
    isMovieWanted = false
    // What the run has told last is on its way to the pictures.
    frames.put('play', movie.play)
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
      case 'alive':
        break
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
        if (state === 'running') showStatus()
        showHistory()
        break
      case 'snapshot':
        if (!movie.isPast()) story.showNeurons(event.snapshot, frames)
        frames.put('story', () => story.showHistory(history))
        pictures.showSnapshot(event.snapshot, frames, !movie.isPast())
        if (event.snapshot.step > 0) draw.refresh()
        break
      case 'moment':
        if (movie.isPast()) {
          story.showNeurons(event.view, frames)
          pictures.showNeuron(event.view, frames)
          draw.refresh()
        }
        movie.arrived()
        break
      case 'altered':
        alter.show(event.altered, frames)
        break
      case 'sample':
        draw.showSample(event.image)
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

  const link = makeTrainerLink({
    onEvent,
    onDeath: (reason) =>
      offerToGoOn(`The training worker has stopped: ${reason}. What was trained until then is still shown.`),
    onRevived: () => {
      notices.clear('run')
      setText(status, '')
      showDiscarded()
      tellPace()
    },
    onUnreadableData: (problems) => {
      notices.show({ subject: 'unread', tone: 'problem', text: problems })
      files.refused(problems)
    },
    onUnreadableNetwork: (problem) => keep.refused(problem),
  })
  /** Ask for something of the networks; where they are gone, say so in its place. */
  const askNetworks = (refused: (reason: string) => void, request: PostedRequest): void => {
    if (link.isDead()) refused(networksGone)
    else link.ask(request)
  }
  const pictures = makePicturesSection((layer, neuron) => link.ask({ kind: 'view', layer, neuron }))
  const story = makeStorySection(pictures.look)
  const movie = makeMovieSection(
    (step) => link.ask({ kind: 'goBack', step }),
    story.canvas,
    () => `${(shown ?? form.settings()).model}-seed${(shown ?? form.settings()).seed}`,
  )
  const alter = makeAlterSection((alteration) => askNetworks(alter.refused, { kind: 'alter', alteration }))
  const draw = makeDrawSection(
    (image) => askNetworks(draw.refused, { kind: 'classify', image }),
    (digit) => link.ask({ kind: 'sample', digit }),
  )
  const keep = makeKeepSection(
    (optimizer, format) => askNetworks(keep.refused, { kind: 'save', optimizer, format }),
    (file) => void link.giveNetwork(file, form.settings()),
  )
  const files = makeFilesSection((given) => {
    const isNetwork = ({ name }: File): boolean => /\.(safetensors|laperm)$/.test(name)
    const networks = given.filter(isNetwork)
    // Modules are backends, which have a section of their own.
    const data = given.filter((file) => !isNetwork(file) && !/\.m?js$/.test(file.name))
    if (networks[0] !== undefined) void link.giveNetwork(networks[0], form.settings())
    if (data.length === 0) return
    notices.clear('data')
    notices.clear('unread')
    void link.giveData(data)
  })
  const controls = makeRunControls({
    start: () => void ask('start'),
    pause: () => link.ask({ kind: 'pause' }),
    step: () => void ask('step'),
    reset: () => void ask('reset'),
    // The run that is shown, whatever the form says by now.
    copyLink: () => void copyLink(linkHash(shown ?? form.settings()), status, notices),
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
  const steering = steerSettings(form, notices, {
    start: () => void ask('start'),
    reset: () => void ask('reset'),
    setSlowly: (isSlow) => {
      slowly.checked = isSlow
      tellPace()
    },
    startMovie: () => {
      isMovieWanted = true
      void ask('start')
    },
  })

  byId('movie-link', HTMLButtonElement).addEventListener(
    'click',
    () =>
      void copyLink(
        movieHash(shown ?? form.settings(), history.syncs.at(-1) ?? 0),
        byId('movie-status', HTMLElement),
        notices,
      ),
  )
  numbers.addEventListener('toggle', () => drawTables(history))
  slowly.addEventListener('change', tellPace)
  errors.addEventListener('change', () => {
    pictures.showErrors(errors.checked)
    showHistory()
  })
  steering.follow()
}
