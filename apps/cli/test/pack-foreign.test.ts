import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '@laperm/formats'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'

const write = (path: string, weight: readonly number[], bias: readonly number[]): void => {
  const tensors: readonly Tensor[] = [
    { name: 'fc.weight', shape: [2, 3], values: Float32Array.from(weight) },
    { name: 'fc.bias', shape: [2], values: Float32Array.from(bias) },
  ]
  writeFileSync(path, encodeSafetensors(tensors, { format: 'pt' }))
}

test('weights of another program are packed against their initial ones, and come back', async () => {
  const directory = makeDirectory()
  write(join(directory, 'start.safetensors'), [1, 2, 3, 4, 5, 6], [0, 0])
  // Neurons are rows: each holds its initial weights in another order.
  write(join(directory, 'end.safetensors'), [3, 1, 2, 6, 5, 4], [0.5, -1])
  const packed = await laperm(
    ['pack', 'end.safetensors', '--initial-weights', 'start.safetensors'],
    directory,
  )
  expect(packed.stderr).toBe('')
  expect(packed.stdout).toMatch(/^end\.laperm: 8 weights in /)
  const unpacked = await laperm(
    ['unpack', 'end.laperm', '--initial-weights', 'start.safetensors', '--out', 'back.safetensors'],
    directory,
  )
  expect(unpacked.code).toBe(0)
  const read = (name: string) => {
    const file = decodeSafetensors(name, readFileSync(join(directory, name)))
    if (E.isLeft(file)) throw new Error(JSON.stringify(file.left))
    return file.right.tensors
  }
  expect(read('back.safetensors')).toEqual(read('end.safetensors'))

  // Without the initial weights, and with others, it says what is missing.
  const alone = await laperm(['unpack', 'end.laperm', '--out', 'x.safetensors'], directory)
  expect(alone.code).not.toBe(0)
  expect(alone.stderr).toMatch(/SHA-256 of weights that another program made.*--initial-weights/)
  const others = await laperm(
    ['unpack', 'end.laperm', '--initial-weights', 'end.safetensors', '--out', 'x.safetensors'],
    directory,
  )
  expect(others.stderr).toMatch(/expected initial weights with the SHA-256/)
})
