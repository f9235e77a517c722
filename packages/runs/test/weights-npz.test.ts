import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Params } from '@laperm/core'
import { expect, test } from 'vitest'
import { hasNumpy, runNumpy } from '../../../test/devices/numpy.ts'
import { weightsNpz } from '../src/index.ts'
import { makeDirectory } from './fixture-runs.ts'

const params: Params = [
  {
    name: 'conv/kernel',
    role: 'kernel',
    shape: [2, 1, 3],
    // A view into a longer array; both zeros, a subnormal, an infinity.
    values: new Float32Array([9, 0.1, -0, 0, 1e-45, Number.POSITIVE_INFINITY, -2.5]).subarray(1),
  },
  { name: 'bias', role: 'bias', shape: [1], values: new Float32Array([7]) },
]

const program = `
import json, sys, numpy
arrays = numpy.load(sys.argv[1])
print(json.dumps({name: [list(arrays[name].shape), str(arrays[name].dtype), arrays[name].tobytes().hex()] for name in arrays.files}))
`

test.skipIf(!hasNumpy)('numpy reads every array with its name, shape and bits', async () => {
  const path = join(makeDirectory(), 'weights.npz')
  writeFileSync(path, await buffer(weightsNpz({ best: params, last: params.slice(1) })))
  const hex = (index: number): string => {
    const { buffer: bytes, byteOffset, byteLength } = params[index].values
    return Buffer.from(bytes, byteOffset, byteLength).toString('hex')
  }
  expect(JSON.parse(runNumpy(program, [path]))).toEqual({
    'best/conv/kernel': [[2, 1, 3], 'float32', hex(0)],
    'best/bias': [[1], 'float32', hex(1)],
    'last/bias': [[1], 'float32', hex(1)],
  })
})

test('the same weights give the same file', async () => {
  const one = await buffer(weightsNpz({ best: params }))
  expect((await buffer(weightsNpz({ best: params }))).equals(one)).toBe(true)
  // A zip.
  expect(one.subarray(0, 2).toString()).toBe('PK')
})
