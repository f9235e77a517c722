/** Training steps on tfjs's WebAssembly backend with our kernels, and with tfjs's own wherever it has one. */

import { createRequire } from 'node:module'
import { renderEngineError } from '@laperm/engine'
import { makeTfjsEngine } from '@laperm/engine-tfjs'
import { makeWasmEngine } from '@laperm/engine-tfjs/wasm'
import { zoo } from '@laperm/models'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import {
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { type Contender, interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import type { Spread } from '../harness/statistics.ts'
import { makeEngineTrainer } from './engine-trainer.ts'
import type { Trainer } from './trainer.ts'

const backendName = 'wasm'

/** What a page trains, and a network of many convolutions; steps a turn. */
const workloads = [
  { model: zoo.f2, batchSize: 128, steps: 10 },
  { model: zoo.mlp, batchSize: 50, steps: 20 },
  { model: zoo.conv7, batchSize: 50, steps: 1 },
] as const

const names = { ours: 'ours', theirs: "tfjs's own, ours only where it has none" } as const

const use = (configs: readonly KernelConfig[]): void => {
  for (const config of configs) {
    unregisterKernel(config.kernelName, backendName)
    registerKernel(config)
  }
}

const contender = (
  name: string,
  trainer: Trainer,
  configs: readonly KernelConfig[],
  steps: number,
): Contender => ({
  name,
  measure: async () => {
    use(configs)
    return (await trainer.trainSteps(steps, 0)) / steps
  },
})

/** Measure each network with both, interleaved. */
export const measureWasmKernels = async (options: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  setWasmPaths(manifest.replace(/package\.json$/, 'dist/'))
  // Started before ours are registered, so that tfjs's own kernels are set up.
  await setBackend(backendName)
  const before = getKernelsForBackend(backendName)
  const ours = await makeWasmEngine()()
  if (E.isLeft(ours)) throw new Error(renderEngineError(ours.left))
  // The optimizer of tfjs's operations, as an engine has it that brings none.
  const theirs = await makeTfjsEngine({ name: backendName })()
  if (E.isLeft(theirs)) throw new Error(renderEngineError(theirs.left))
  const now = getKernelsForBackend(backendName)
  const ownOf = new Map(before.map((config) => [config.kernelName, config]))
  const replaced = now.filter(({ kernelName, kernelFunc }) => {
    const own = ownOf.get(kernelName)
    return own !== undefined && own.kernelFunc !== kernelFunc
  })
  const replacing = before.filter(({ kernelName }) => replaced.some((each) => each.kernelName === kernelName))

  const measured: [string, number, ReadonlyMap<string, Spread>][] = []
  for (const { model, batchSize, steps } of workloads) {
    use(replaced)
    const workload = { model, batchSize, threads: 1 }
    const mine = await makeEngineTrainer(ours.right, 'ours', workload)
    const tfjs = await makeEngineTrainer(theirs.right, 'tfjs', workload)
    const times = await interleave(
      [contender(names.ours, mine, replaced, steps), contender(names.theirs, tfjs, replacing, steps)],
      { rounds: options.rounds, warmup: 1 },
    )
    await mine.stop()
    await tfjs.stop()
    measured.push([model.name, batchSize, times])
  }
  writeJson(
    options.json,
    Object.fromEntries(measured.map(([name, , times]) => [name, Object.fromEntries(times)])),
  )
  return renderTable({
    title: "Training on tfjs's WebAssembly backend",
    header: ['network', 'batch', 'kernels', 'ms a step, median (quartiles)', 'ratio to ours'],
    rows: measured.flatMap(([network, batchSize, times]) => {
      const base = times.get(names.ours)?.median ?? Number.NaN
      return [...times].map(([name, { median, low, high }]) => [
        network,
        String(batchSize),
        name,
        `${median.toFixed(1)} (${low.toFixed(1)}-${high.toFixed(1)})`,
        (median / base).toFixed(2),
      ])
    }),
    notes: [
      `${ours.right.describe}; turns interleaved, ${options.rounds} rounds.`,
      `Replaced in turns: Adam, ${replaced.map(({ kernelName }) => kernelName).join(', ')}.`,
    ],
  })
}
