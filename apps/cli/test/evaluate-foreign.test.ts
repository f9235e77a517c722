import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSafetensors } from '@laperm/formats'
import { expect, test } from 'vitest'
import { runCaptured } from './captured-cli.ts'
import { makeDirectory } from './laperm-process.ts'
import { evaluatesLikeKeras, fixture, inTinyModel, type KerasScore } from './tiny-model.ts'

const keras: KerasScore = JSON.parse(readFileSync(fixture('keras.json'), 'utf8'))

test.each([
  ['keras2-weights.h5', 'keras-h5'],
  ['keras2-whole.h5', 'keras-h5'],
  ['keras3.weights.h5', 'keras-h5'],
  ['keras3-whole.h5', 'keras-h5'],
  ['keras3.keras', 'keras'],
  ['model.json', 'tfjs'],
  ['tiny.onnx', 'onnx'],
  ['external.onnx', 'onnx'],
  ['numpy.npz', 'npz'],
  ['pytorch.safetensors', 'safetensors'],
])("%s gives Keras's accuracy", (file, format) => evaluatesLikeKeras(fixture(file), format, keras))

test('the table says what went where, and another normalization is measured as asked', async () => {
  const { code, out } = await runCaptured([
    'evaluate',
    fixture('pytorch.safetensors'),
    ...inTinyModel,
    '--normalize',
    'none',
  ])
  expect(code).toBe(0)
  expect(out).toMatch(
    /dense1\/kernel +72 x 10 +fc\.weight +from \[out, in\], inputs from channels first \(NCHW\) to channels last/,
  )
  expect(out).toMatch(/inputs normalized as 'none'\n {2}test accuracy/)
})

test('what does not fit, or cannot be meant, is said', async () => {
  const other = await runCaptured(['evaluate', fixture('tiny.onnx'), '--model', 'f2', '--json'])
  expect(other.code).toBe(2)
  expect(JSON.parse(other.out).error).toMatchObject({
    _tag: 'WeightsMisfit',
    message: expect.stringMatching(
      /tiny\.onnx does not fit the model f2: dense1\/kernel \[784, 128\]: the file has no dense layer of this shape left; its next one is 'fc\.weight' \[72, 10\]; .* more places\.$/,
    ),
  })
  const bare = await runCaptured(['evaluate', fixture('tiny.onnx')])
  expect(bare.code).toBe(2)
  expect(bare.err).toMatch(/holds weights and no model\. Name one, for example --model conv7 --dataset mnist/)
  const run = await runCaptured(['evaluate', 'runs/some', '--dataset', 'digits'])
  expect(run.err).toMatch(/--dataset is for another program's weights, which also need --model/)
  const data = await runCaptured([
    'evaluate',
    fixture('tiny.onnx'),
    '--model',
    fixture('tiny.json'),
    '--dataset',
    'nowhere',
  ])
  expect(data.code).toBe(2)
  expect(data.err).toMatch(/no data set called 'nowhere'/)
})

test('NaN in a file is said before its accuracy', async () => {
  const path = join(makeDirectory(), 'f1.safetensors')
  const values = new Float32Array(7840)
  values[5] = Number.NaN
  writeFileSync(path, encodeSafetensors([{ name: 'dense1/kernel', shape: [784, 10], values }], {}))
  const { err } = await runCaptured(['evaluate', path, '--model', 'f1', '--threads', '1', '--quiet'])
  expect(err).toMatch(/note: dense1\/kernel: 1 of 7840 weights are NaN or infinite/)
})
