import { checkEngine, relativeError, renderEngineReport } from '@laperm/conformance/engine'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { useSoftwareVulkan } from '../../../test/devices/dawn.ts'
import { assertWantedDevice, isSoftware } from '../../../test/devices/hardware.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { makeWebGpuEngine } from '../src/webgpu.ts'
import { comparedModels } from './compared-models.ts'
import * as checks from './device-checks.ts'
import { firstLosses } from './losses.ts'
import { onnxLosses } from './onnx-losses.ts'

useSoftwareVulkan()
const made = await makeWebGpuEngine({ allowSoftware: true })()
if (E.isLeft(made)) reportMissing('dawn', JSON.stringify(made.left))
else assertWantedDevice(made.right.describe)

describe.skipIf(E.isLeft(made))('engine webgpu on Dawn in Node', () => {
  const engine = E.isRight(made) ? made.right : (undefined as never)
  const complaints: string[] = []
  const backend = tf.backend()
  if (backend instanceof WebGPUBackend)
    backend.device.addEventListener('uncapturederror', (event) => {
      complaints.push((event as GPUUncapturedErrorEvent).error.message)
    })

  // On a software device the law of first losses, against float64, says it in fewer programs to compile; Chromium compares on the same kernels.
  const compared = E.isRight(made) && isSoftware(engine.describe) ? [] : Object.keys(comparedModels)
  test.each(compared)('the first losses of %s are those of engine-onnx', async (model) => {
    expect(
      relativeError(await firstLosses(engine, comparedModels[model]), await onnxLosses(model)),
    ).toBeLessThan(1e-4)
  })

  test('kernels are permutations of theta_0 after a synchronization', async () => {
    expect(await checks.permuted(engine)).toEqual({ weightVectors: 202, permutedVectors: 202, moved: true })
  })

  test('thirty steps and synchronizations leave nothing behind', async () => {
    const { before, first, later, after } = await checks.leaks(engine)
    expect(later).toEqual(first)
    expect(after).toBe(before)
  })

  test('the laws of engines hold', async () => {
    const report = await checkEngine(engine)
    expect(renderEngineReport(report)).not.toContain('FAILED')
    expect(report.passed).toBe(true)
  })

  test('the device refused nothing on the way', () => {
    expect(complaints).toEqual([])
  })

  test('a lost device ends every call with its reason', async () => {
    const said: Record<string, string> = await checks.losing(engine, () => {
      const backend = tf.backend()
      if (backend instanceof WebGPUBackend) backend.device.destroy()
    })
    for (const call of ['during', 'step', 'sync', 'read']) expect(said[call], call).toBe('DeviceLost')
  })
})
