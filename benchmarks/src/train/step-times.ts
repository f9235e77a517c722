/**
 * Time of a training step: engine-onnx beside its peers, and LaPerm beside its own inner optimizer, in one interleaved run.
 */
import { type ZooName, zoo } from '@laperm/models'
import { type Contender, interleave } from '../harness/interleave.ts'
import { findPython } from '../harness/python-peer.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { pairedRatio, type Spread } from '../harness/statistics.ts'
import { makeOnnxTrainer } from './onnx-trainer.ts'
import { startStepPeers } from './step-peers.ts'
import type { StepPeerName, Trainer, Workload } from './trainer.ts'

/** What is measured of one network, and how long a turn is. */
interface Case {
  readonly network: ZooName
  readonly batchSize: number
  readonly stepsPerTurn: number
  readonly syncPeriods: readonly number[]
}

const cases: readonly Case[] = [
  { network: 'f2', batchSize: 128, stepsPerTurn: 250, syncPeriods: [250] },
  { network: 'mlp', batchSize: 50, stepsPerTurn: 300, syncPeriods: [20] },
  { network: 'conv7', batchSize: 50, stepsPerTurn: 20, syncPeriods: [20, 1] },
  { network: 'conv2', batchSize: 50, stepsPerTurn: 5, syncPeriods: [] },
  { network: 'conv4', batchSize: 50, stepsPerTurn: 3, syncPeriods: [] },
  { network: 'conv13', batchSize: 50, stepsPerTurn: 1, syncPeriods: [] },
  { network: 'resnet50', batchSize: 50, stepsPerTurn: 3, syncPeriods: [] },
]

const render = ({ median, low, high }: Spread, digits: number, scale = 1): string =>
  `${(median / scale).toFixed(digits)} (${(low / scale).toFixed(digits)}-${(high / scale).toFixed(digits)})`

/** LaPerm's own cost is some percent: it is looked for in this many times as many rounds, ours alone. */
const costRounds = 4

/** Steps of a turn, told as if a slow trainer had taken as many as the others. */
const contender = (trainer: Trainer, steps: number, syncPeriod: number, what: string): Contender => {
  const taken = Math.max(1, Math.ceil(steps / trainer.slowness))
  return {
    name: `${trainer.name}, ${what}`,
    measure: async () => ((await trainer.trainSteps(taken, syncPeriod)) * steps) / taken,
  }
}

const ownContenders = (trainer: Trainer, { stepsPerTurn, syncPeriods }: Case): readonly Contender[] => [
  contender(trainer, stepsPerTurn, 0, 'Adam'),
  ...(trainer.synchronizes
    ? syncPeriods.map((k) => contender(trainer, stepsPerTurn, k, `LaPerm k=${k}`))
    : []),
]

/** Measure the cases, or only one network. */
export const measureStepTimes = async (options: {
  readonly only: string | undefined
  readonly rounds: number
  readonly threads: number
  readonly peers: readonly StepPeerName[]
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const { only, rounds, threads } = options
  const rows: string[][] = []
  const costRows: string[][] = []
  const notes = new Set<string>()
  const measurements: unknown[] = []
  const costs: unknown[] = []
  for (const measured of cases) {
    const { network, batchSize, stepsPerTurn } = measured
    if (only !== undefined && only !== network) continue
    const workload: Workload = { model: zoo[network], batchSize, threads }
    const onnx = await makeOnnxTrainer(workload)
    notes.add(`${onnx.name}: ${onnx.description}`)
    const own = ownContenders(onnx, measured)
    if (own.length > 1) {
      const times = await interleave(own, { rounds: costRounds * rounds, warmup: 2 })
      const base = times.get(own[0].name) as Spread
      for (const [name, time] of [...times].slice(1)) {
        const ratio = pairedRatio(time, base)
        costRows.push([network, String(batchSize), name, render(ratio, 3)])
        costs.push({ network, batchSize, name, stepsPerTurn, timeMs: time, baseMs: base, ratio })
        console.error(costRows.at(-1)?.join(' | '))
      }
    }
    const { peers, missing } = await startStepPeers(workload, options.peers, findPython(options.python))
    for (const { name, reason } of missing)
      notes.add(`Missing for ${network}: ${name}: ${reason.split('\n')[0]}`)
    const contenders = [...own, ...peers.flatMap((peer) => ownContenders(peer, measured))]
    const times = await interleave(contenders, { rounds, warmup: 2 })
    const base = times.get(own[0].name) as Spread
    for (const [name, time] of times) {
      const ratio = pairedRatio(time, base)
      rows.push([network, String(batchSize), name, render(time, 2, stepsPerTurn), render(ratio, 3)])
      measurements.push({ network, batchSize, name, stepsPerTurn, timeMs: time, ratioToOwnAdam: ratio })
      console.error(rows.at(-1)?.join(' | '))
    }
    await Promise.all([onnx, ...peers].map((trainer) => trainer.stop()))
  }
  writeJson(options.json, { steps: measurements, costs })
  const ratios = 'medians (quartiles) over rounds; a ratio is taken within each round'
  const steps = renderTable({
    title: 'Training step',
    header: ['network', 'batch', 'trainer', 'ms a step', 'ratio to engine-onnx with Adam'],
    rows,
    notes: [`${threads} threads each, ${rounds} rounds in turns, ${ratios}.`, ...notes],
  })
  if (costRows.length === 0) return steps
  const added = renderTable({
    title: 'What LaPerm adds to a step',
    header: ['network', 'batch', 'trainer', 'ratio to Adam alone'],
    rows: costRows,
    notes: [`${threads} threads, ${costRounds * rounds} rounds in turns, ${ratios}.`],
  })
  return `${steps}\n\n${added}`
}
