/** A Conv7 step on tfjs's WebAssembly backend with our gradient kernels, and with tfjs's own Conv2DBackpropInput among them. */

import { createRequire } from 'node:module'
import { renderEngineError } from '@laperm/engine'
import { makeWasmEngine } from '@laperm/engine-tfjs/wasm'
import { zoo } from '@laperm/models'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import {
  getKernel,
  type KernelConfig,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { type Contender, interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { makeEngineTrainer } from './engine-trainer.ts'
import type { Trainer } from './trainer.ts'

const kernelName = 'Conv2DBackpropInput'
const backendName = 'wasm'
const batchSize = 50

const use = (config: KernelConfig): void => {
  unregisterKernel(kernelName, backendName)
  registerKernel(config)
}

const contender = (name: string, trainer: Trainer, config: KernelConfig): Contender => ({
  name,
  measure: () => {
    use(config)
    return trainer.trainSteps(1, 0)
  },
})

/** Measure both, interleaved. */
export const measureWasmKernels = async (options: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  setWasmPaths(manifest.replace(/package\.json$/, 'dist/'))
  // Started before ours are registered, so that tfjs's own kernel is set up.
  await setBackend(backendName)
  const theirs = getKernel(kernelName, backendName)
  const made = await makeWasmEngine()()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const ours = getKernel(kernelName, backendName)
  const trainer = await makeEngineTrainer(made.right, 'wasm', {
    model: zoo.conv7,
    batchSize,
    threads: 1,
  })
  const names = [
    'all of @laperm/engine-tfjs/wasm-kernels',
    "tfjs's own Conv2DBackpropInput, the rest ours",
  ] as const
  const times = await interleave([contender(names[0], trainer, ours), contender(names[1], trainer, theirs)], {
    rounds: options.rounds,
    warmup: 1,
  })
  await trainer.stop()
  const base = times.get(names[0])?.median ?? Number.NaN
  writeJson(options.json, Object.fromEntries(times))
  return renderTable({
    title: "Training convolutions on tfjs's WebAssembly backend",
    header: ['kernels', 'ms a Conv7 step, batch 50, median (quartiles)', 'ratio to ours'],
    rows: [...times].map(([name, { median, low, high }]) => [
      name,
      `${median.toFixed(0)} (${low.toFixed(0)}-${high.toFixed(0)})`,
      (median / base).toFixed(2),
    ]),
    notes: [
      `${made.right.describe}; turns interleaved, ${options.rounds} rounds. tfjs alone cannot take this step at all.`,
    ],
  })
}
