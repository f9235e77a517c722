/** What the test's page runs inside Chromium: one epoch on WebGL or WebGPU, ranked by their own kernels. */
import { makeWebGlBackend } from '@laperm/backend-webgl'
import { makeTensorOperations } from '@laperm/backend-webgpu/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import '@tensorflow/tfjs-backend-webgpu'
import { registerTensorOperations } from '../../src/index.ts'
import { fitOneEpoch } from './one-epoch.ts'

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

const parts: Uint8Array[] = []

const start = async (name: 'webgl' | 'webgpu'): Promise<{ reason?: string }> => {
  try {
    if (name === 'webgl') {
      const made = await makeWebGlBackend({ allowSoftware: true })()
      if (E.isLeft(made)) return { reason: made.left.reason }
      await tf.setBackend('webgl')
      registerTensorOperations('webgl', made.right.tensors)
    } else {
      await tf.setBackend('webgpu')
      const operations = makeTensorOperations(tf.backend())
      if (E.isLeft(operations)) return { reason: operations.left.reason }
      registerTensorOperations('webgpu', operations.right)
    }
    return {}
  } catch (error) {
    return { reason: String(error) }
  }
}

const fit = (labels: string) => {
  const images = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    images.set(part, at)
    at += part.length
  }
  return fitOneEpoch(images, bytesOf(labels))
}

Object.assign(globalThis, {
  laperm: { start, give: (base64: string) => void parts.push(bytesOf(base64)), fit },
})
