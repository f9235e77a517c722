/** Progress on standard error: a bar where somebody watches, a line an epoch where nobody does. */
import type { DownloadProgress } from '@laperm/data/node'
import type { TrainEvent } from '@laperm/train'
import { Presets, SingleBar } from 'cli-progress'
import { formatCount, formatSeconds, formatShare } from './format.ts'
import type { Terminal } from './terminal.ts'

/** Redraws a second: more is not seen. */
const drawsPerSecond = 10

/** What a bar shows where there is room for it: the longest that fits into the columns. The loss is shown on the narrowest too. */
export const barFormat = (columns: number): string => {
  if (columns >= 100)
    return 'epoch {epoch}/{epochs} {bar} {percentage}% | loss {loss} | test {accuracy} | syncs {syncs} | {left} left'
  if (columns >= 64)
    return 'epoch {epoch}/{epochs} {percentage}% | loss {loss} | test {accuracy} | {left} left'
  return '{epoch}/{epochs} {percentage}% loss {loss} {accuracy}'
}

export interface TrainProgress {
  readonly update: (event: TrainEvent) => void
  readonly stop: () => void
}

/** Progress of a training run. */
export const makeTrainProgress = (terminal: Terminal): TrainProgress => {
  let bar: SingleBar | null = null
  let totalSteps = 0
  let firstStep = 0
  let stepsPerEpoch = 1
  let epochs = 0
  let epoch = 0
  let synchronizations = 0
  let smoothedLoss = Number.NaN
  let accuracy: number | null = null
  let startedAt = 0
  let epochStartedAt = 0
  let nextDraw = 0

  const draw = (step: number): void => {
    if (bar === null) return
    const elapsed = (performance.now() - startedAt) / 1000
    const left = step > firstStep ? (elapsed / (step - firstStep)) * (totalSteps - step) : 0
    bar.update(step, {
      epoch,
      epochs,
      loss: Number.isNaN(smoothedLoss) ? '-' : smoothedLoss.toFixed(4),
      accuracy: formatShare(accuracy),
      syncs: formatCount(synchronizations),
      left: step > firstStep ? formatSeconds(left) : '...',
    })
  }

  const update = (event: TrainEvent): void => {
    switch (event.kind) {
      case 'start':
        ;({ totalSteps, stepsPerEpoch, epochs } = event)
        firstStep = event.step
        epoch = Math.floor(event.step / stepsPerEpoch) + 1
        startedAt = performance.now()
        epochStartedAt = startedAt
        if (terminal.progressStream !== null) {
          bar = new SingleBar(
            {
              stream: terminal.progressStream,
              format: barFormat(terminal.progressStream.columns ?? 80),
              barsize: 24,
              fps: drawsPerSecond,
              hideCursor: true,
            },
            Presets.shades_classic,
          )
          bar.start(totalSteps, firstStep, {
            epoch,
            epochs,
            loss: '-',
            accuracy: '-',
            syncs: '0',
            left: '...',
          })
        }
        break
      case 'epochStart':
        epoch = event.epoch
        epochStartedAt = performance.now()
        break
      case 'step':
        smoothedLoss = Number.isNaN(smoothedLoss) ? event.loss : 0.95 * smoothedLoss + 0.05 * event.loss
        if (bar !== null && performance.now() >= nextDraw) {
          nextDraw = performance.now() + 1000 / drawsPerSecond
          draw(event.step)
        }
        break
      case 'sync':
        synchronizations = event.synchronizations
        break
      case 'evaluation':
        if (event.series === 'synchronized') accuracy = event.evaluation.accuracy
        break
      case 'epochEnd':
        synchronizations = event.metrics.synchronizations
        if (bar !== null) draw(event.metrics.step)
        else {
          const { trainLoss, test, inner } = event.metrics
          const seconds = (performance.now() - epochStartedAt) / 1000
          terminal.err(
            `epoch ${event.metrics.epoch}/${epochs}  loss ${trainLoss.toFixed(4)}  test ${test === null ? '- (no synchronization in this epoch)' : formatShare(test.accuracy)}${inner === null ? '' : `  inner ${formatShare(inner.accuracy)}`}  syncs ${synchronizations}  ${formatSeconds(seconds)}`,
          )
        }
        break
      case 'best':
      case 'rankingDistance':
      case 'checkpoint':
        break
      default:
        event satisfies never
    }
  }
  return {
    update,
    stop: () => {
      bar?.stop()
      bar = null
    },
  }
}

export interface DownloadBar {
  readonly update: (progress: DownloadProgress) => void
  readonly stop: () => void
}

/** Progress of downloads: one bar a file, or a line when a file begins. */
export const makeDownloadProgress = (terminal: Terminal): DownloadBar => {
  let file = ''
  let bar: SingleBar | null = null
  const stop = (): void => {
    bar?.stop()
    bar = null
  }
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
  return {
    update: (progress) => {
      const total = progress.totalBytes ?? 0
      if (progress.file !== file) {
        stop()
        file = progress.file
        if (terminal.progressStream === null) terminal.err(`downloading ${file} (${megabytes(total)} MB)`)
        else {
          bar = new SingleBar(
            {
              stream: terminal.progressStream,
              format: `${file} {bar} {percentage}% | {received} of ${megabytes(total)} MB | {eta_formatted} left`,
              barsize: 24,
              fps: drawsPerSecond,
              hideCursor: true,
            },
            Presets.shades_classic,
          )
          bar.start(total, progress.receivedBytes, { received: megabytes(progress.receivedBytes) })
        }
      }
      bar?.update(progress.receivedBytes, { received: megabytes(progress.receivedBytes) })
    },
    stop,
  }
}
