import { readdirSync, readFileSync } from 'node:fs'
import { weightVectorsOf } from '@laperm/core'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { blobSource, bytesSource, readTensors, renderCorruptFile, type WeightFile } from '../src/index.ts'
import { fixture, openFixture, right } from './weight-fixtures.ts'

/** What does not depend on the order of axes or of layers: a tensor's role, its vectors, and the values in each, ascending. */
const contentOf = async ({ tensors }: WeightFile): Promise<readonly string[]> => {
  const content: string[] = []
  for (const { name, role, shape, neuronAxes, read } of tensors) {
    const { values, length, count } = weightVectorsOf(right(await read()), shape, neuronAxes)
    const vectors = Array.from({ length: count }, (_, j) =>
      Float32Array.from({ length }, (__, i) => values[i * count + j])
        .sort()
        .join(),
    )
    // The layer's own name for it is the writer's business.
    content.push(`${role ?? name}: ${length} ${vectors.join(' | ')}`)
  }
  return content.sort()
}

const files = [
  ['keras3.keras', 'keras'],
  ['keras3.weights.h5', 'keras-h5'],
  ['keras3-whole.h5', 'keras-h5'],
  ['keras2-whole.h5', 'keras-h5'],
  ['keras2-weights.h5', 'keras-h5'],
  ['numpy-compressed.npz', 'npz'],
  ['tiny.onnx', 'onnx'],
  ['external.onnx', 'onnx'],
  ['model.json', 'tfjs'],
  ['pytorch.safetensors', 'safetensors'],
] as const

test.each(files)(
  '%s holds the weights that NumPy wrote, with the same roles and neurons',
  async (name, format) => {
    const [expected, read] = [await openFixture('numpy.npz'), await openFixture(name)]
    expect(read.format).toBe(format)
    expect(await contentOf(read)).toEqual(await contentOf(expected))
    expect(new Set(read.tensors.map((tensor) => tensor.name)).size).toBe(22)
  },
)

test("layers come in the network's order where the file keeps one", async () => {
  const layersOf = async (name: string): Promise<readonly string[]> => [
    ...new Set((await openFixture(name)).tensors.map(({ layer }) => layer)),
  ]
  const network = [
    'conv2d',
    'batch_normalization',
    'conv2d_1',
    'batch_normalization_1',
    'conv2d_2',
    'batch_normalization_2',
    'conv2d_3',
    'dense',
  ]
  const nested = network.map((layer) => `${layer}/${layer}`)
  for (const name of ['keras2-whole.h5', 'keras2-weights.h5', 'keras3-whole.h5', 'numpy.npz'])
    expect([network, nested].map(String), name).toContainEqual(String(await layersOf(name)))
  expect(await layersOf('tiny.onnx')).toEqual(
    'stem.0_out stem.1_out block.conv1_out block.norm1_out block.conv2_out block.norm2_out block.shortcut_out logits'.split(
      ' ',
    ),
  )
  // Keras 3 keeps none: natural order of names.
  expect((await layersOf('keras3.keras')).slice(-3)).toEqual([
    'layers/conv2d_2',
    'layers/conv2d_3',
    'layers/dense',
  ])
})

describe('without the files beside it', () => {
  test.each(['model.json', 'external.onnx'])(
    '%s is an index, and reading says what is missing',
    async (name) => {
      const read = right(await readTensors(bytesSource(name, readFileSync(fixture(name))))())
      const values = await read.tensors[0].read()
      expect(E.isLeft(values) && renderCorruptFile(values.left)).toMatch(/beside (it|the model)/)
    },
  )

  test('files that a visitor chose together are found by their names', async () => {
    const blobs = new Map(
      readdirSync(fixture('.')).map((name) => [name, new Blob([readFileSync(fixture(name))])]),
    )
    const expected = await contentOf(await openFixture('numpy.npz'))
    for (const name of ['model.json', 'external.onnx', 'keras2-whole.h5', 'keras3.keras']) {
      const blob = blobs.get(name) ?? new Blob([])
      expect(await contentOf(right(await readTensors(blobSource(name, blob, blobs))())), name).toEqual(
        expected,
      )
    }
  })
})

test.each(['keras2-whole.h5', 'keras3.keras', 'numpy.npz', 'tiny.onnx', 'pytorch.safetensors'])(
  'a tensor of %s is read without the rest of the file',
  async (name) => {
    const bytes = readFileSync(fixture(name))
    const inner = bytesSource(name, bytes)
    let taken = 0
    const source = {
      ...inner,
      read: (start: number, length: number) => {
        taken += length
        return inner.read(start, length)
      },
      readInto: (start: number, into: Uint8Array) => {
        taken += into.length
        inner.readInto?.(start, into)
      },
    }
    const { tensors } = right(await readTensors(source)())
    const largest = tensors.find(({ shape }) => shape.join() === '3,3,8,8' || shape.join() === '8,8,3,3')
    taken = 0
    if (largest === undefined) throw new Error('the largest kernel is not there')
    expect(right(await largest.read())).toHaveLength(576)
    // Its 2,304 bytes, and what an archive or HDF5 has around them.
    expect(taken).toBeLessThan(2304 + 4096)
  },
)
