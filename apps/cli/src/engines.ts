/** The engines by name, each loaded only when it is wanted. */
import type { Engine, EngineError } from '@laperm/engine'
import type { EngineName } from '@laperm/train'
import type { taskEither as TE } from 'fp-ts'
import { allowsSoftwareGpu } from './software-gpu.ts'
import type { Terminal } from './terminal.ts'

/**
 * Load an engine.
 *
 * @param threads null lets it take what the machine has; only `onnx` and `wasm` know it.
 * @returns `Left(EngineUnavailable)` saying why and what to install. There is no silent fall-back to another one.
 */
export const loadEngine =
  (
    name: EngineName,
    threads: number | null,
    environment: Terminal['environment'],
  ): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const threading = threads === null ? {} : { threads }
    switch (name) {
      case 'onnx': {
        const { makeOnnxEngine } = await import('@laperm/engine-onnx')
        return makeOnnxEngine(threading)()
      }
      case 'wasm': {
        const { makeWasmEngine } = await import('@laperm/engine-tfjs/wasm')
        return makeWasmEngine(threading)()
      }
      case 'webgpu': {
        const { makeWebGpuEngine } = await import('@laperm/engine-tfjs/webgpu')
        return makeWebGpuEngine({ allowSoftware: allowsSoftwareGpu(environment) })()
      }
      case 'node':
      case 'cuda': {
        const { makeTensorFlowEngine } = await import('@laperm/engine-tfjs/tensorflow')
        return makeTensorFlowEngine({ package: name === 'cuda' ? 'tfjs-node-gpu' : 'tfjs-node' })()
      }
      default:
        return name satisfies never
    }
  }
