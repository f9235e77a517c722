/** When and how the page hears of a run: reports ten times a second, pictures less often, large arrays handed over. */
import { drawInitialParams } from '@laperm/train'
import type { Snapshot, TrainingEvent } from '../messages/events.ts'
import { networkOf } from '../settings/experiments.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { mostMoved } from './most-moved.ts'
import { arraysOf, layerViews, takeSnapshot, type View } from './snapshot.ts'
import type { TrainingRun } from './training-run.ts'

/** Sends an event to the page; what is transferred is the page's from then on. */
export type Say = (event: TrainingEvent, transfer?: Transferable[]) => void

export interface Announcer {
  /** Which layer and neuron pictures are of. */
  readonly look: (layer: string, neuron: number) => void
  /** Nobody has chosen: pictures are of the layer and neuron that have moved most at the first synchronization that moves any. */
  readonly lookWhereItMoves: () => void
  /** What pictures are of. */
  readonly view: () => View
  /** theta_0 alone, before there is a run: it needs no backend. */
  readonly preview: (settings: RunSettings) => void
  readonly report: (run: TrainingRun) => void
  readonly picture: (run: TrainingRun) => Promise<void>
  /** A report and a picture where they are due. */
  readonly afterStep: (run: TrainingRun) => Promise<void>
}

/** Least milliseconds between two. */
const every = { report: 100, picture: 250 }

export const makeAnnouncer = (say: Say): Announcer => {
  const firstView: View = { layer: '', neuron: 0 }
  let view = firstView
  let isChosen = false
  let reported = 0
  let pictured = { at: 0, step: -1 }

  const show = (snapshot: Snapshot): void => {
    const { sorted } = snapshot
    const arrays = [...arraysOf(snapshot), sorted.initial, sorted.laperm, sorted.adam]
    say(
      { kind: 'snapshot', snapshot },
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    )
  }
  const report = (run: TrainingRun): void => {
    reported = performance.now()
    say({ kind: 'progress', progress: run.report() })
  }
  const picture = async (run: TrainingRun): Promise<void> => {
    const { step, params } = await run.weights('laperm')
    const found = isChosen || step === 0 ? null : mostMoved(run.initial, params)
    if (found !== null) {
      view = found
      isChosen = true
    }
    const snapshot = await run.snapshot(view)
    pictured = { at: performance.now(), step: snapshot.step }
    show(snapshot)
  }
  return {
    look: (layer, neuron) => {
      view = { layer, neuron }
      isChosen = true
    },
    lookWhereItMoves: () => {
      view = firstView
      isChosen = false
    },
    view: () => view,
    preview: (settings) => {
      const initial = drawInitialParams(networkOf(settings))
      say({ kind: 'layers', layers: layerViews(initial) })
      show(takeSnapshot(view, 0, initial, initial, initial))
    },
    report,
    picture,
    afterStep: async (run) => {
      const now = performance.now()
      if (now - reported >= every.report) report(run)
      if (now - pictured.at >= every.picture && run.isSynced() && pictured.step !== run.step())
        await picture(run)
    },
  }
}
