import { describe, expect, test } from 'vitest'
import { coreBackend } from '../src/operations/core-backend.ts'
import { kernelShape, makeTensorBackend } from '../src/operations/tensor-backend.ts'
import type { TensorMemory, TensorOperations } from '../src/tensor-operations.ts'
import { weightVectorsSize } from '../src/weight-vectors.ts'

/** A tensor as any library has it: values and a shape. */
interface PlainTensor {
  readonly values: Float32Array
  readonly shape: readonly number[]
}

const vectorsOf = ({ values, shape }: PlainTensor) => ({ values, ...weightVectorsSize(shape) })
const like = ({ shape }: PlainTensor, { values }: { readonly values: Float32Array }): PlainTensor => ({
  values,
  shape,
})

const operations: TensorOperations<PlainTensor> = {
  name: 'plain',
  device: 'JavaScript',
  refusesNaN: true,
  keepsSubnormals: true,
  sort: (w) => like(w, coreBackend.sort(vectorsOf(w))),
  rank: async (w) => like(w, coreBackend.rank(vectorsOf(w))),
  permute: async (sorted, ranks) => like(sorted, coreBackend.permute(vectorsOf(sorted), vectorsOf(ranks))),
  sync: async (sorted, w) => like(w, coreBackend.sync(vectorsOf(sorted), vectorsOf(w))),
}

const plainMemory = () => {
  const shapes: string[] = []
  const memory: TensorMemory<PlainTensor> = {
    upload: (values, shape) => {
      shapes.push(shape.join())
      return { values: values.slice(), shape }
    },
    download: async ({ values }) => values.slice(),
    dispose: ({ values }) => values.fill(Number.NaN),
  }
  return { memory, shapes }
}

test('a matrix becomes a convolution kernel with the same columns, a single vector a bias', () => {
  // 18 = 2 * 3 * 3; 7 is prime; 1 has no divisor.
  expect(kernelShape({ length: 18, count: 4 })).toEqual([2, 3, 3, 4])
  expect(kernelShape({ length: 7, count: 4 })).toEqual([1, 1, 7, 4])
  expect(kernelShape({ length: 0, count: 4 })).toEqual([1, 1, 0, 4])
  expect(kernelShape({ length: 7, count: 1 })).toEqual([7])
})

describe('a backend of tensor operations', () => {
  test('gives what core gives for the flattened matrix', async () => {
    const { memory, shapes } = plainMemory()
    const backend = makeTensorBackend(operations, memory)
    const size = { length: 4, count: 2 }
    const w = { values: Float32Array.of(3, 0, 1, 9, 2, 8, 0, 7), ...size }
    const sorted = coreBackend.sort({ values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), ...size })
    const bank = backend.upload(w)
    const result = backend.sync(backend.upload(sorted), bank)
    expect(await backend.download(result)).toEqual(coreBackend.sync(sorted, w))
    expect(await backend.download(backend.permute(backend.sort(bank), backend.rank(bank)))).toEqual(w)
    expect(shapes).toEqual(['2,1,2,2', '2,1,2,2'])
  })

  test('rejects the download of what an operation rejected, and of what the device did not take', async () => {
    const { memory } = plainMemory()
    const backend = makeTensorBackend(operations, memory)
    const spoiled = backend.upload({ values: Float32Array.of(Number.NaN), length: 1, count: 1 })
    await expect(backend.download(backend.sort(spoiled))).rejects.toThrow('NaN')
    const settled = () => Promise.reject(new Error('device lost'))
    await expect(makeTensorBackend({ ...operations, settled }, memory).download(spoiled)).rejects.toThrow(
      'device lost',
    )
  })

  test('gives tensors back, and closes what holds them', async () => {
    const { memory } = plainMemory()
    let closed = 0
    const backend = makeTensorBackend(operations, { ...memory, close: () => closed++ })
    const bank = backend.upload({ values: Float32Array.of(5), length: 1, count: 1 })
    backend.dispose(bank)
    const { values } = await bank.tensor
    expect([...values]).toEqual([Number.NaN])
    backend.close()
    expect(closed).toBe(1)
  })
})
