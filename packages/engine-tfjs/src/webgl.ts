/** The engine on WebGL 2, in browsers and their workers; variables are ranked and permuted on the GPU. */
import { makeWebGlBackend } from '@laperm/backend-webgl'
import { type Engine, type EngineError, engineUnavailable } from '@laperm/engine'
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { makeTfjsEngine } from './make-tfjs-engine.ts'

/** What is taken and what is refused. */
export interface WebGlEngineOptions {
  /** Also take a software renderer, which is slower than the engine `wasm`. Default false. */
  readonly allowSoftware?: boolean
}

/** Resolves when the context is lost. */
const contextLost = (): Promise<string> =>
  new Promise((resolve) => {
    const backend = tf.backend()
    if (backend instanceof MathBackendWebGL)
      backend.gpgpu.gl.canvas.addEventListener('webglcontextlost', () =>
        resolve('the WebGL context was lost'),
      )
  })

/**
 * Make the engine `webgl`.
 *
 * @returns `Left(EngineUnavailable)` without WebGL 2, with 16-bit float textures only (weights would be rounded), or with a software
 * renderer that was not allowed.
 */
export const makeWebGlEngine =
  (options: WebGlEngineOptions = {}): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const made = await makeWebGlBackend(options)()
    if (E.isLeft(made)) return E.left(engineUnavailable('webgl', made.left.reason, made.left.remedy))
    await tf.setBackend('webgl')
    return makeTfjsEngine({
      name: 'webgl',
      describe: `TensorFlow.js ${tf.version_core}, WebGL on ${made.right.device}`,
      operations: made.right.tensors,
      lost: contextLost(),
    })()
  }
