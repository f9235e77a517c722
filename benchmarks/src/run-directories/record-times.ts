/** What recording a run costs an epoch of Conv7: its line of metrics, its best weights, a checkpoint, each flushed to the disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDigits } from '@laperm/data'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import { bitsOf, createRun, fingerprintOf, readEnvironment, recordRun } from '@laperm/runs'
import { type Experiment, resolveExperiment, type TrainEvent, trainExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { pairedRatio, type Spread, spreadOf } from '../harness/statistics.ts'

/** Of the paper's recipe on MNIST: 60,000 images in batches of 50. */
const stepsPerEpoch = 1200
const measuredSteps = 20

const must = <A>(value: E.Either<unknown, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

/** What is recorded in an epoch, in the order in which training tells it. */
const recorded: readonly TrainEvent['kind'][] = ['evaluation', 'best', 'epochEnd', 'checkpoint']

interface Round {
  readonly stepMs: number
  /** Of the processor, all threads together. */
  readonly stepCpuMs: number
  readonly recordMs: number
  readonly recordCpuMs: number
  readonly tensorboardMs: number
}

const text = ({ median, low, high }: Spread, digits = 0): string =>
  `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
const percent = ({ median, low, high }: Spread): string =>
  `${(100 * median).toFixed(2)}% (${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`

/** Measure steps and recording in turns. */
export const measureRecording = async (options: {
  readonly rounds: number
  readonly threads: number
  readonly json: string
}): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'laperm-bench-record-'))
  const engine = must(await makeOnnxEngine({ threads: options.threads })())
  const dataset = makeDigits(1, { train: 50 * measuredSteps, test: 100 })
  const experiment: Experiment = must(
    resolveExperiment({
      model: 'conv7',
      dataset: 'digits',
      batchSize: 50,
      epochs: 1,
      threads: options.threads,
    }),
  )
  const data = { dataDir: null, folder: null, acceptChecksum: false, fingerprint: fingerprintOf(dataset) }
  const environment = { ...(await readEnvironment(engine)), bits: bitsOf(engine) }
  const settings = { experiment, data, environment, commandLine: null }

  /** Write the events of an epoch into a new run. */
  const record = async (events: readonly TrainEvent[], tensorboard: boolean): Promise<number> => {
    const made = must(await createRun(settings, { directory: null, parent: folder, again: true })())
    if (made.kind === 'exists') throw new Error('a new run is asked for')
    const recorder = await recordRun(made.run, made.lock, { tensorboard })
    const start = performance.now()
    for (const event of events) await recorder.observe(event)
    const elapsedMs = performance.now() - start
    await recorder.fail('measured')
    return elapsedMs
  }

  const round = async (): Promise<Round> => {
    const events = new Map<TrainEvent['kind'], TrainEvent>()
    const stepTimes: number[] = []
    let last = performance.now()
    let before = process.cpuUsage()
    const stepCpu: number[] = []
    must(
      await trainExperiment(experiment, {
        engine,
        dataset,
        checkpointEveryMs: 0,
        observe: (event) => {
          if (event.kind === 'step') {
            stepTimes.push(performance.now() - last)
            const used = process.cpuUsage(before)
            stepCpu.push((used.user + used.system) / 1000)
          }
          if (recorded.includes(event.kind)) events.set(event.kind, event)
          last = performance.now()
          before = process.cpuUsage()
          return undefined
        },
      })(),
    )
    const epoch = recorded.flatMap((kind) => events.get(kind) ?? [])
    if (epoch.length !== recorded.length) throw new Error(`only ${[...events.keys()]} were told`)
    const cpu = process.cpuUsage()
    const recordMs = await record(epoch, false)
    const { user, system } = process.cpuUsage(cpu)
    const tensorboardMs = await record(epoch, true)
    // The first steps compile.
    const stepMs = spreadOf(stepTimes.slice(3)).median
    const stepCpuMs = spreadOf(stepCpu.slice(3)).median
    return { stepMs, stepCpuMs, recordMs, recordCpuMs: (user + system) / 1000, tensorboardMs }
  }

  try {
    await round()
    const rounds: Round[] = []
    for (let i = 0; i < options.rounds; i++) rounds.push(await round())
    const of = (key: keyof Round): Spread => spreadOf(rounds.map((each) => each[key]))
    const epochCpuMs = spreadOf(rounds.map(({ stepCpuMs }) => stepCpuMs * stepsPerEpoch))
    const epochMs = spreadOf(rounds.map(({ stepMs }) => stepMs * stepsPerEpoch))
    writeJson(options.json, rounds)
    return renderTable({
      title: 'Recording an epoch of Conv7, milliseconds: medians (quartiles)',
      header: ['what', 'elapsed', 'of the epoch'],
      rows: [
        [
          `epoch: ${stepsPerEpoch.toLocaleString('en')} steps of batch 50, evaluation left out`,
          text(epochMs),
          '',
        ],
        ['the same, time of the processor', text(epochCpuMs), ''],
        [
          'metrics line, best weights, checkpoint',
          text(of('recordMs')),
          percent(pairedRatio(of('recordMs'), epochMs)),
        ],
        [
          'the same three, time of the processor',
          text(of('recordCpuMs')),
          percent(pairedRatio(of('recordCpuMs'), epochCpuMs)),
        ],
        [
          'the three with an event file for TensorBoard',
          text(of('tensorboardMs')),
          percent(pairedRatio(of('tensorboardMs'), epochMs)),
        ],
      ],
      notes: [
        `engine-onnx on ${options.threads} threads; steps and recording in turns, ${options.rounds} rounds.`,
        'A checkpoint is made at least a minute apart, so at most one falls into most epochs; best weights are written only when the accuracy is a new best. Both are counted in full.',
      ],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
