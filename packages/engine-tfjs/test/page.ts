/** What the test's page runs inside Chromium: the engines of WebGL and WebGPU. */
import { checkEngine, type EngineReport, renderEngineReport } from '@laperm/conformance/engine'
import type { Engine } from '@laperm/engine'
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { makeWebGlEngine } from '../src/webgl.ts'
import { makeWebGpuEngine } from '../src/webgpu.ts'
import { comparedModels } from './compared-models.ts'
import * as checks from './device-checks.ts'
import { firstLosses, type LossesAsked } from './losses.ts'

let engine: Engine | undefined

const made = (): Engine => {
  if (engine === undefined) throw new Error('start first')
  return engine
}

const start = async (name: 'webgl' | 'webgpu'): Promise<{ describe?: string; reason?: string }> => {
  const result = await (name === 'webgl' ? makeWebGlEngine : makeWebGpuEngine)({ allowSoftware: true })()
  if (E.isLeft(result)) return { reason: JSON.stringify(result.left) }
  engine = result.right
  return { describe: engine.describe }
}

const loseDevice = (): void => {
  const backend = tf.backend()
  if (backend instanceof WebGPUBackend) backend.device.destroy()
  else if (backend instanceof MathBackendWebGL)
    backend.gpgpu.gl.getExtension('WEBGL_lose_context')?.loseContext()
}

const laws = async (): Promise<{ report: EngineReport; text: string }> => {
  const report = await checkEngine(made())
  return { report, text: renderEngineReport(report) }
}

Object.assign(globalThis, {
  laperm: {
    start,
    losses: ({ model, ...asked }: LossesAsked & { readonly model: string }) =>
      firstLosses(made(), comparedModels[model], asked),
    leaks: () => checks.leaks(made()),
    permuted: () => checks.permuted(made()),
    resumes: () => checks.resumes(made()),
    laws,
    lose: () => checks.losing(made(), loseDevice),
  },
})
