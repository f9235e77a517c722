/** Networks that Keras trains now, beside those that it has trained for `test/fixtures/weights`; where Python has Keras. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { hasWeightMakers } from '../../../test/devices/keras.ts'
import { runNumpy } from '../../../test/devices/numpy.ts'
import { makeDirectory } from './laperm-process.ts'
import { evaluatesLikeKeras, fixture, type KerasScore } from './tiny-model.ts'

test.skipIf(!hasWeightMakers)(
  "whatever Keras, tf_keras, NumPy, safetensors and ONNX write gives Keras's accuracy",
  { timeout: 600_000 },
  async () => {
    const directory = makeDirectory()
    const digits = join(directory, 'digits.npz')
    execFileSync(process.execPath, [fixture('make-digits.mjs'), digits])
    runNumpy(readFileSync(fixture('make-weights.py'), 'utf8'), [digits, directory])
    const keras: KerasScore = JSON.parse(readFileSync(join(directory, 'keras.json'), 'utf8'))
    for (const [file, format] of [
      ['keras2-weights.h5', 'keras-h5'],
      ['keras2-whole.h5', 'keras-h5'],
      ['keras3.weights.h5', 'keras-h5'],
      ['keras3-whole.h5', 'keras-h5'],
      ['keras3.keras', 'keras'],
      ['tiny.onnx', 'onnx'],
      ['external.onnx', 'onnx'],
      ['numpy.npz', 'npz'],
      ['pytorch.safetensors', 'safetensors'],
    ])
      await evaluatesLikeKeras(join(directory, file ?? ''), format ?? '', keras)
  },
)
