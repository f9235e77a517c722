/** The training as a movie: a slider over every synchronization, a button that plays them, and a file of what was played. */
import { download } from './download.ts'
import { byId, setText } from './elements.ts'
import { countText, percentText } from './number-text.ts'
import { type Recording, startRecording } from './record-movie.ts'
import type { RunHistory } from './run-history.ts'

export interface MovieSection {
  readonly showHistory: (history: RunHistory) => void
  /** The synchronization that was asked for has come. */
  readonly arrived: () => void
  /** Whether another moment than the present is shown. */
  readonly isPast: () => boolean
  readonly play: () => void
  /** There is another run, or none. */
  readonly clear: () => void
}

/** How long a synchronization is shown. */
export const frameMs = 320
/** So many synchronizations make a movie of half a minute; of more, some are left out evenly. */
const mostFrames = 90

/** Numbers from 0 to `last`, both included, evenly spread where there are too many. */
export const framesOf = (last: number, most = mostFrames): readonly number[] =>
  Array.from({ length: Math.min(last + 1, most) }, (_, i) =>
    last < most ? i : Math.round((i * last) / (most - 1)),
  )

/**
 * @param goTo asks for the network at a step, or for the present with null; the answer to a step comes to `arrived`.
 * @param picture is what a file is made of.
 * @param nameOf names the file, without its ending.
 */
export const makeMovieSection = (
  goTo: (step: number | null) => void,
  picture: HTMLCanvasElement,
  nameOf: () => string,
): MovieSection => {
  const time = byId('movie-time', HTMLInputElement)
  const where = byId('movie-where', HTMLOutputElement)
  const play = byId('movie-play', HTMLButtonElement)
  const save = byId('movie-save', HTMLButtonElement)
  const status = byId('movie-status', HTMLElement)
  let history: RunHistory | undefined
  /** Which synchronization is shown, 0 before the first; null: the present. */
  let shown: number | null = null
  let isAsked = false
  let waiting: number | undefined
  let playing:
    | { readonly frames: readonly number[]; next: number; readonly recording: Recording | null }
    | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const last = (): number => history?.syncs.length ?? 0
  const stepOf = (sync: number): number => (sync === 0 ? 0 : (history?.syncs[sync - 1] ?? 0))
  const accuracyAt = (step: number): string => {
    const { steps, values } = history?.accuracies.laperm ?? { steps: [], values: [] }
    const found = steps.findLastIndex((measured) => measured <= step)
    return found === -1 ? '' : ` · ${percentText(values[found])}`
  }
  const tell = (): void => {
    const sync = shown ?? last()
    const step = stepOf(sync)
    if (time.max !== String(last())) time.max = String(last())
    time.value = String(sync)
    time.disabled = last() === 0
    time.setAttribute(
      'aria-valuetext',
      `synchronization ${sync} of ${last()}, step ${step}${accuracyAt(step)}`,
    )
    setText(where, shown === null ? `now${accuracyAt(step)}` : `step ${countText(step)}${accuracyAt(step)}`)
    for (const button of [play, save]) button.setAttribute('aria-disabled', String(last() === 0))
    setText(play, playing === undefined ? '▶ Replay' : '◼ Stop')
  }
  const ask = (sync: number): void => {
    if (isAsked) {
      waiting = sync
      return
    }
    isAsked = true
    goTo(stepOf(sync))
  }
  const show = (sync: number): void => {
    shown = sync
    tell()
    ask(sync)
  }
  const backToNow = (): void => {
    shown = null
    waiting = undefined
    isAsked = false
    goTo(null)
    tell()
  }
  const stop = async (isWhole: boolean): Promise<void> => {
    const ended = playing
    playing = undefined
    clearTimeout(timer)
    tell()
    if (ended?.recording == null) return
    if (!isWhole) {
      ended.recording.cancel()
      setText(status, 'The movie was not saved: it was stopped before its end.')
      return
    }
    try {
      const { bytes, ending } = await ended.recording.finish()
      download(`${nameOf()}.${ending}`, bytes)
      setText(status, `Saved ${nameOf()}.${ending}, ${countText(Math.ceil(bytes.length / 1000))} kB.`)
    } catch (error) {
      setText(
        status,
        `The movie could not be saved: ${error instanceof Error ? error.message : String(error)}.`,
      )
    }
  }
  const advance = (): void => {
    if (playing === undefined) return
    const frame = playing.frames[playing.next]
    if (frame === undefined) {
      void stop(true)
      backToNow()
      return
    }
    playing.next++
    show(frame)
  }
  const begin = (isSaved: boolean): void => {
    if (last() === 0) {
      setText(status, 'There is no movie yet: it begins with the first synchronization.')
      return
    }
    const recording = isSaved ? startRecording(picture, () => where.textContent ?? '') : null
    if (isSaved && recording === null) {
      setText(
        status,
        'This browser cannot record a movie of a picture. Firefox, Chrome, Edge and newer Safaris can.',
      )
      return
    }
    setText(status, isSaved ? 'Recording: the movie is saved when it has been played.' : '')
    playing = { frames: framesOf(last()), next: 0, recording }
    advance()
  }

  time.addEventListener('input', () => {
    if (playing !== undefined) void stop(false)
    if (time.valueAsNumber >= last()) backToNow()
    else show(time.valueAsNumber)
  })
  play.addEventListener('click', () => {
    if (playing === undefined) begin(false)
    else void stop(false)
  })
  save.addEventListener('click', () => {
    if (playing === undefined) begin(true)
  })
  tell()

  return {
    showHistory: (next) => {
      history = next
      const every = next.last()?.keptEvery ?? 1
      if (every > 1 && playing === undefined)
        setText(
          status,
          `There are too many synchronizations to keep them all: one of every ${countText(every)} is.`,
        )
      tell()
    },
    arrived: () => {
      isAsked = false
      const next = waiting
      waiting = undefined
      if (next !== undefined) ask(next)
      else if (playing !== undefined) {
        clearTimeout(timer)
        timer = setTimeout(advance, frameMs)
      }
    },
    isPast: () => shown !== null,
    play: () => {
      if (playing === undefined) begin(false)
    },
    clear: () => {
      void stop(false)
      shown = null
      isAsked = false
      waiting = undefined
      history = undefined
      setText(status, '')
      tell()
    },
  }
}
