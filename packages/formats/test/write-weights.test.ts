import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hasKeras } from '../../../test/devices/keras.ts'
import { hasNumpy, runNumpy } from '../../../test/devices/numpy.ts'
import { encodeKerasH5 } from '../src/h5.ts'
import { bytesSource, readTensors, type Tensor } from '../src/index.ts'
import { encodeNpz } from '../src/npz.ts'
import { fixture, openFixture, right } from './weight-fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'laperm-write-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tensors: readonly Tensor[] = [
  {
    name: 'conv1/kernel',
    shape: [2, 1, 3],
    // A view into a longer array; both zeros, a subnormal, an infinity.
    values: new Float32Array([9, 0.1, -0, 0, 1e-45, Number.POSITIVE_INFINITY, -2.5]).subarray(1),
  },
  { name: 'conv1/bias', shape: [1], values: Float32Array.of(7) },
  { name: 'batchNorm1/movingMean', shape: [2], values: Float32Array.of(1, Number.NaN) },
  { name: 'empty/kernel', shape: [0, 3], values: new Float32Array(0) },
]

const bits = (values: Float32Array): string => Buffer.from(Float32Array.from(values).buffer).toString('hex')

const readBack = async (name: string, bytes: Uint8Array): Promise<readonly string[]> => {
  const file = right(await readTensors(bytesSource(name, bytes))())
  const read: string[] = []
  for (const { name, shape, read: values } of file.tensors)
    read.push(`${name} [${shape}] ${bits(right(await values()))}`)
  file.close()
  return read
}

describe('what is written is read back, bit for bit', () => {
  test('.npz', async () => {
    expect(await readBack('a.npz', encodeNpz(tensors))).toEqual(
      tensors.map(({ name, shape, values }) => `${name} [${shape}] ${bits(values)}`),
    )
  })

  test('.h5, under the names that Keras gives', async () => {
    expect(await readBack('a.h5', await encodeKerasH5(tensors))).toEqual(
      [
        ['conv1/kernel:0', 0],
        ['conv1/bias:0', 1],
        ['batchNorm1/moving_mean:0', 2],
        ['empty/kernel:0', 3],
      ].map(([name, i]) => `${name} [${tensors[Number(i)].shape}] ${bits(tensors[Number(i)].values)}`),
    )
  })

  test('.h5 of more layers than one attribute names', async () => {
    const many = Array.from({ length: 2500 }, (_, i) => ({
      name: `a_layer_with_a_long_name_${i}/kernel`,
      shape: [1],
      values: Float32Array.of(i),
    }))
    const file = right(await readTensors(bytesSource('a.h5', await encodeKerasH5(many)))())
    expect(file.tensors.map(({ name }) => name)).toEqual(many.map(({ name }) => `${name}:0`))
    file.close()
  })
})

test('the same weights give the same .npz', () => {
  expect(Buffer.compare(encodeNpz(tensors), encodeNpz(tensors))).toBe(0)
})

test.each(['../up/kernel', '/root', 'a//b', 'a/./b', 'a\\b', ''])(
  "the name '%s' is written nowhere",
  async (name) => {
    const one = [{ name, shape: [1], values: Float32Array.of(1) }]
    expect(() => encodeNpz(one)).toThrow(/must have parts between single/)
    await expect(encodeKerasH5(one)).rejects.toThrow(/must have parts between single/)
  },
)

test('a name twice, and a shape that does not hold the values, are refused', () => {
  expect(() => encodeNpz([tensors[0], tensors[0]])).toThrow(/'conv1\/kernel' occurs twice/)
  expect(() => encodeNpz([{ ...tensors[0], shape: [5] }])).toThrow(/of shape \[5\] has 6 values/)
})

const numpyProgram = `
import json, sys, numpy
arrays = numpy.load(sys.argv[1])
print(json.dumps({name: [list(arrays[name].shape), str(arrays[name].dtype), arrays[name].tobytes().hex()] for name in arrays.files}))
`

test.skipIf(!hasNumpy)('numpy loads every array with its name, shape and bits', () => {
  const path = join(folder, 'weights.npz')
  writeFileSync(path, encodeNpz(tensors))
  expect(JSON.parse(runNumpy(numpyProgram, [path]))).toEqual(
    Object.fromEntries(tensors.map(({ name, shape, values }) => [name, [shape, 'float32', bits(values)]])),
  )
})

const kerasProgram = `
import json, os, sys
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import keras, numpy
model = keras.models.load_model(sys.argv[1])
before = model.get_weights()
for variable in model.variables:
    variable.assign(numpy.zeros(variable.shape, variable.dtype))
model.load_weights(sys.argv[2])
print(json.dumps([bool(numpy.array_equal(a, b)) for a, b in zip(before, model.get_weights())]))
`

test.skipIf(!hasKeras)('Keras loads a .h5 of ours into its network, bit for bit', async () => {
  const { tensors: stored } = await openFixture('numpy.npz')
  const written: Tensor[] = []
  for (const { name, shape, read } of stored) written.push({ name, shape, values: right(await read()) })
  const path = join(folder, 'keras.h5')
  writeFileSync(path, await encodeKerasH5(written))
  const same: readonly boolean[] = JSON.parse(
    runNumpy(kerasProgram, [fixture('keras3.keras'), path])
      .trim()
      .split('\n')
      .at(-1) ?? '[]',
  )
  expect(same).toEqual(new Array(22).fill(true))
})
