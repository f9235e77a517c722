/**
 * TensorFlow's own runtime equals core bit for bit: every law, and the 26 results of the authors' code.
 */
import { checkBackend, renderReport } from '@laperm/conformance'
import { makeTensorBackend } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { tensorMemory } from '../../../test/devices/tensor-memory.ts'
import { nodeBackend } from '../../../test/devices/tensorflow.ts'
import { officialGolden } from '../../../test/official-golden.ts'
import { type TensorFlowBackend, tfjsBackendName } from '../src/index.ts'

const backend = await nodeBackend()

describe.skipIf(backend === undefined)('on the real TensorFlow runtime', () => {
  const node = backend as TensorFlowBackend

  test('every law and every golden case of the authors holds', async () => {
    const cases = officialGolden()
    expect(cases.length).toBe(26)
    const before = tf.memory().numTensors
    const report = await checkBackend(node, { golden: cases, randomTrials: 40 })
    expect(report.passed, renderReport(report)).toBe(true)
    expect(report.leftOut).toEqual([])
    expect(tf.memory().numTensors, 'banks and intermediate tensors are all disposed').toBe(before)
  })

  test('every law holds on tensors of the shape of convolution kernels', async () => {
    const active = tf.getBackend()
    await tf.setBackend(tfjsBackendName)
    const before = tf.memory().numTensors
    const tensors = makeTensorBackend(node.tensors, tensorMemory)
    const report = await checkBackend(tensors, {
      golden: officialGolden(),
      randomTrials: 20,
      maxLength: 2049,
    })
    expect(report.passed, renderReport(report)).toBe(true)
    expect(tf.memory().numTensors).toBe(before)
    if (active !== undefined) await tf.setBackend(active)
  })

  test('weights that TensorFlow’s threads flush to zero keep their order', async () => {
    // More rows than one thread takes: the threads of TensorFlow’s pool flush subnormals.
    const length = 64
    const count = 512
    const values = Float32Array.from(
      { length: length * count },
      (_, p) => ((p * 7919) % 4096) * 2 ** -149 * (p % 2 === 0 ? 1 : -1),
    )
    const w = node.upload({ values, length, count })
    const sorted = node.sort(w)
    const { values: result } = await node.download(sorted)
    for (let j = 0; j < count; j++) {
      const column = values.filter((_, p) => p % count === j).sort()
      expect([...result.filter((_, p) => p % count === j)]).toEqual([...column.map((value) => value + 0)])
    }
    node.dispose(w)
    node.dispose(sorted)
  })

  test('a bank is given back once', () => {
    const bank = node.upload({ values: Float32Array.of(1), length: 1, count: 1 })
    node.dispose(bank)
    expect(() => node.dispose(bank)).toThrow('disposed already')
  })

  test('tfjs’s active backend is left alone', async () => {
    // tfjs-node brings the cpu backend along.
    await tf.setBackend('cpu')
    const bank = node.upload({ values: Float32Array.of(2, 1), length: 2, count: 1 })
    const sorted = node.sort(bank)
    expect(tf.getBackend()).toBe('cpu')
    expect([...(await node.download(sorted)).values]).toEqual([1, 2])
    node.dispose(sorted)
    node.dispose(bank)
  })

  test('sizes that do not fit are refused by name', () => {
    const one = node.upload({ values: Float32Array.of(1, 2), length: 2, count: 1 })
    const other = node.upload({ values: Float32Array.of(1), length: 1, count: 1 })
    expect(() => node.sync(one, other)).toThrow('w: must be [2,1] as sorted is, got [1,1]')
    expect(() => node.permute(one, other)).toThrow('ranks: must be [2,1] as sorted is, got [1,1]')
    node.dispose(one)
    node.dispose(other)
  })
})
