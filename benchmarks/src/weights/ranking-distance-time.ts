/** Time of a training step with and without the ranking distance of every step (Section 3), by turns of the same loop. */
import { makeWasmBackend } from '@laperm/backend-wasm'
import type { RankInto } from '@laperm/core'
import { makeDigits, makeInlineBatchSource, makeNormalizer } from '@laperm/data'
import { type Engine, orThrow, renderEngineError } from '@laperm/engine'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import {
  batchJobOf,
  makeLoop,
  makeTrainingBatches,
  planRun,
  renderTrainError,
  resolveExperiment,
  startSession,
  type TrainingLoop,
} from '@laperm/train'
import { either as E } from 'fp-ts'
import { type Contender, interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { pairedRatio, type Spread, spreadOf } from '../harness/statistics.ts'

interface Watched {
  readonly layer: string
  readonly everySteps: number
}

interface Case {
  readonly model: string
  readonly watched: readonly Watched[]
  readonly stepsPerTurn: number
}

const everyStep = (layer: string): Watched => ({ layer, everySteps: 1 })

const cases: readonly Case[] = [
  {
    model: 'mlp',
    watched: [everyStep('dense1'), { layer: 'dense1', everySteps: 50 }, everyStep('all')],
    stepsPerTurn: 150,
  },
  { model: 'conv7', watched: [everyStep('conv1'), everyStep('all')], stepsPerTurn: 8 },
]

const batchSize = 50
const dataset = makeDigits(1, { train: 10_000, test: 10 })

const right = <L, A>(value: E.Either<L, A>, render: (left: L) => string): A => {
  if (E.isLeft(value)) throw new Error(render(value.left))
  return value.right
}

interface StartedLoop {
  readonly loop: TrainingLoop
  /** Milliseconds that reading and ranking took since this was asked last. */
  readonly takeRankingMs: () => number
  readonly stop: () => Promise<void>
}

/** A loop that never evaluates, and what frees it. */
const startLoop = async (
  engine: Engine,
  model: string,
  watched: Watched | null,
  rankInto: RankInto,
): Promise<StartedLoop> => {
  const experiment = right(
    resolveExperiment({
      model,
      dataset: 'digits',
      batchSize,
      epochs: 1000,
      threads: 1,
      ...(watched === null
        ? {}
        : {
            rankingDistance: {
              parameters: [watched.layer],
              every: { kind: 'steps', count: watched.everySteps },
            },
          }),
    }),
    (error) => renderTrainError(error),
  )
  const plan = right(planRun(experiment, dataset), (error) => renderTrainError(error))
  const session = right(await startSession(plan, engine)(), (error) => JSON.stringify(error))
  const normalizer = makeNormalizer(experiment.normalization, dataset.train, dataset.inputShape)
  const source = makeInlineBatchSource(batchJobOf(plan, dataset, normalizer))
  let rankingMs = 0
  const loop = makeLoop({
    plan,
    session,
    batches: makeTrainingBatches(source),
    ranking: { rankInto },
    observe: (event) => {
      if (event.kind === 'rankingDistance') rankingMs += event.elapsedMs
    },
    evaluate: () => async () => E.right({ accuracy: 0, loss: 0, correct: 0, count: 0 }),
  })
  return {
    loop,
    takeRankingMs: () => {
      const taken = rankingMs
      rankingMs = 0
      return taken
    },
    stop: async () => {
      await source.dispose()
      await session.dispose()
    },
  }
}

const render = ({ median, low, high }: Spread): string =>
  `${median.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`

/** Processor milliseconds of all threads of this process. */
const takeSteps = async (loop: TrainingLoop, count: number): Promise<number> => {
  const before = process.cpuUsage()
  const end = loop.position().step + count
  while (loop.position().step < end || loop.position().stage !== 'train') await orThrow(loop.advance())
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Measure every case. */
export const measureRankingDistance = async (options: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const engine = right(await makeOnnxEngine({ threads: 1 })(), renderEngineError)
  const { wasmSync } = right(await makeWasmBackend()(), ({ reason }) => reason)
  const rows: (readonly string[])[] = []
  for (const { model, watched, stepsPerTurn } of cases) {
    const started = await Promise.all(
      [null, ...watched].map((each) => startLoop(engine, model, each, wasmSync.rankInto)),
    )
    const ranking = started.map((): number[] => [])
    const contenders = started.map(
      ({ loop, takeRankingMs }, i): Contender => ({
        name: i === 0 ? 'none' : `${watched[i - 1].layer}, every ${watched[i - 1].everySteps}`,
        measure: async () => {
          takeRankingMs()
          const processorMs = await takeSteps(loop, stepsPerTurn)
          ranking[i].push(takeRankingMs() / stepsPerTurn)
          return processorMs / stepsPerTurn
        },
      }),
    )
    const times = await interleave(contenders, { rounds: options.rounds, warmup: 2 })
    const measured = [...times.values()]
    const [plain] = measured
    for (const [i, processor] of measured.entries()) {
      const taken = spreadOf(ranking[i].slice(-options.rounds))
      rows.push([
        model,
        contenders[i].name,
        render(processor),
        i === 0 ? '-' : render(pairedRatio(processor, plain)),
        i === 0 ? '-' : render(taken),
        i === 0 ? '-' : `${((100 * taken.median) / plain.median).toFixed(2)}%`,
      ])
    }
    for (const { stop } of started) await stop()
  }
  writeJson(options.json, rows)
  return renderTable({
    title: 'Ranking distance while training',
    header: [
      'network',
      'ranked, every n-th step',
      'ms of the processor a step',
      'against none',
      'ms reading and ranking a step',
      'share of a step',
    ],
    rows,
    notes: [
      `engine-onnx with one thread, ${batchSize} examples a step, LaPerm of the own recipe; medians and quartiles of ${options.rounds} turns, ratios within a turn.`,
      'Milliseconds of reading and ranking are told by the loop, by the clock; their share is that of the processor time of a step without them.',
    ],
  })
}
