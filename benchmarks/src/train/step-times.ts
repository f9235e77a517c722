/**
 * Time of a training step: engine-onnx beside its peers, and LaPerm beside its own inner optimizer, in one interleaved run.
 */
import { type ZooName, zoo } from '@laperm/models'
import { type Contender, interleave } from '../harness/interleave.ts'
import { findPython } from '../harness/python-peer.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import type { Spread } from '../harness/statistics.ts'
import { makeOnnxTrainer } from './onnx-trainer.ts'
import { makePytorchTrainer } from './pytorch-trainer.ts'
import { tfjsNodeTrainer, tfjsWasmTrainer } from './tfjs-trainers.ts'
import type { Missing, Trainer, Workload } from './trainer.ts'

/** What is measured of one network, and how long a turn is. */
interface Case {
  readonly network: ZooName
  readonly batchSize: number
  readonly stepsPerTurn: number
  readonly syncPeriods: readonly number[]
}

const cases: readonly Case[] = [
  { network: 'f2', batchSize: 128, stepsPerTurn: 500, syncPeriods: [250] },
  { network: 'mlp', batchSize: 50, stepsPerTurn: 500, syncPeriods: [20] },
  { network: 'conv7', batchSize: 50, stepsPerTurn: 20, syncPeriods: [20, 1] },
  { network: 'conv4', batchSize: 50, stepsPerTurn: 3, syncPeriods: [] },
  { network: 'resnet50', batchSize: 50, stepsPerTurn: 3, syncPeriods: [] },
]

const startPeers = async (
  workload: Workload,
  python: string | undefined,
): Promise<{ readonly peers: readonly Trainer[]; readonly missing: readonly Missing[] }> => {
  const peers: Trainer[] = []
  const missing: Missing[] = []
  const attempt = async (name: string, start: () => Promise<Trainer>): Promise<void> => {
    try {
      peers.push(await start())
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  await attempt('PyTorch', async () => {
    if (python === undefined)
      throw new Error('not installed: npm run setup:python --workspace benchmarks, or set LAPERM_PYTHON')
    return makePytorchTrainer(python, workload)
  })
  await attempt('tfjs-wasm', () => tfjsWasmTrainer(workload))
  await attempt('tfjs-node', () => tfjsNodeTrainer(workload))
  return { peers, missing }
}

const render = (time: Spread, steps: number): string =>
  `${(time.median / steps).toFixed(2)} (${(time.low / steps).toFixed(2)}-${(time.high / steps).toFixed(2)})`

/** Measure the cases, or only one network. */
export const measureStepTimes = async (options: {
  readonly only: string | undefined
  readonly rounds: number
  readonly threads: number
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const rows: string[][] = []
  const notes = new Set<string>()
  const measurements: unknown[] = []
  for (const { network, batchSize, stepsPerTurn, syncPeriods } of cases) {
    if (options.only !== undefined && options.only !== network) continue
    const workload: Workload = { model: zoo[network], batchSize, threads: options.threads }
    const onnx = await makeOnnxTrainer(workload)
    const { peers, missing } = await startPeers(workload, findPython(options.python))
    for (const { name, reason } of missing)
      notes.add(`Missing for ${network}: ${name}: ${reason.split('\n')[0]}`)
    const contender = (trainer: Trainer, syncPeriod: number, name: string): Contender => ({
      name,
      measure: () => trainer.trainSteps(stepsPerTurn, syncPeriod),
    })
    const contenders = [
      contender(onnx, 0, `${onnx.name}, Adam`),
      ...syncPeriods.map((k) => contender(onnx, k, `${onnx.name}, LaPerm k=${k}`)),
      ...peers.flatMap((peer) => [
        contender(peer, 0, `${peer.name}, Adam`),
        ...(peer.synchronizes
          ? syncPeriods.map((k) => contender(peer, k, `${peer.name}, LaPerm k=${k}`))
          : []),
      ]),
    ]
    const times = await interleave(contenders, { rounds: options.rounds, warmup: 2 })
    const own = times.get(`${onnx.name}, Adam`)
    for (const [name, time] of times) {
      const ratio = own === undefined ? Number.NaN : time.median / own.median
      rows.push([network, String(batchSize), name, render(time, stepsPerTurn), ratio.toFixed(3)])
      measurements.push({ network, batchSize, name, stepsPerTurn, timeMs: time, ratioToOwnAdam: ratio })
      console.error(rows.at(-1)?.join(' | '))
    }
    await Promise.all([onnx, ...peers].map((trainer) => trainer.stop()))
  }
  writeJson(options.json, measurements)
  return renderTable({
    title: 'Training step',
    header: [
      'network',
      'batch',
      'trainer',
      'ms a step, median (quartiles)',
      'ratio to engine-onnx with Adam',
    ],
    rows,
    notes: [
      `${options.threads} threads each, turns interleaved, ${options.rounds} rounds; ratios are of this one run.`,
      ...notes,
    ],
  })
}
