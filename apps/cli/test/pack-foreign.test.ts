import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '@laperm/formats'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { runCapturedIn } from './captured-cli.ts'
import { makeDirectory } from './laperm-process.ts'
import { fixture, inTinyModel } from './tiny-model.ts'

const write = (path: string, weight: readonly number[], bias: readonly number[]): void => {
  const tensors: readonly Tensor[] = [
    { name: 'fc.weight', shape: [2, 3], values: Float32Array.from(weight) },
    { name: 'fc.bias', shape: [2], values: Float32Array.from(bias) },
  ]
  writeFileSync(path, encodeSafetensors(tensors, { format: 'pt' }))
}

test('weights of another program are packed against their initial ones, and come back', async () => {
  const directory = makeDirectory()
  const laperm = (words: readonly string[]) => runCapturedIn(directory, words)
  write(join(directory, 'start.safetensors'), [1, 2, 3, 4, 5, 6], [0, 0])
  // Neurons are rows: each holds its initial weights in another order.
  write(join(directory, 'end.safetensors'), [3, 1, 2, 6, 5, 4], [0.5, -1])
  const packed = await laperm(['pack', 'end.safetensors', '--initial-weights', 'start.safetensors'])
  expect(packed.err).toBe('')
  expect(packed.out).toMatch(/^end\.laperm: 8 weights in /)
  const unpacked = await laperm([
    'unpack',
    'end.laperm',
    '--initial-weights',
    'start.safetensors',
    '--out',
    'back.safetensors',
  ])
  expect(unpacked.code).toBe(0)
  const read = (name: string) => {
    const file = decodeSafetensors(name, readFileSync(join(directory, name)))
    if (E.isLeft(file)) throw new Error(JSON.stringify(file.left))
    return file.right.tensors
  }
  expect(read('back.safetensors')).toEqual(read('end.safetensors'))

  // Without the initial weights, and with others, it says what is missing.
  const alone = await laperm(['unpack', 'end.laperm', '--out', 'x.safetensors'])
  expect(alone.code).not.toBe(0)
  expect(alone.err).toMatch(/SHA-256 of weights that another program made.*--initial-weights/)
  const others = await laperm([
    'unpack',
    'end.laperm',
    '--initial-weights',
    'end.safetensors',
    '--out',
    'x.safetensors',
  ])
  expect(others.err).toMatch(/expected initial weights with the SHA-256/)

  // What it holds is told without them; with them it is profiled as any other file.
  const known = await laperm(['info', 'end.laperm'])
  expect(known.out).toMatch(
    /^end\.laperm: weights of another program, packed against initial ones with the SHA-256 [0-9a-f]{64}; 8 weights in/,
  )
  expect(known.out).toMatch(/fc\.weight +3 x 2 +arrangement +\d +-/)
  const profiled = async (words: readonly string[]) =>
    JSON.parse((await laperm(['profile', ...words, '--json'])).out).layers
  expect(await profiled(['end.laperm', '--initial-weights', 'start.safetensors'])).toEqual(
    await profiled(['end.safetensors']),
  )
  const unknown = await laperm(['profile', 'end.laperm'])
  expect(unknown.err).toMatch(/Name the file that has them: --initial-weights <file>/)
  const misplaced = await laperm(['profile', 'end.safetensors', '--initial-weights', 'start.safetensors'])
  expect(misplaced.err).toMatch(/--initial-weights is for a \.laperm file/)
  const modelless = await laperm(['evaluate', 'end.laperm', '--initial-weights', 'start.safetensors'])
  expect(modelless.err).toMatch(/--initial-weights is for another program's weights, which also need --model/)
})

test("a .laperm file of another program's weights is evaluated in the model that is named", async () => {
  const directory = makeDirectory()
  const laperm = (words: readonly string[]) => runCapturedIn(directory, words)
  // Packed against themselves: nothing has moved.
  const weights = fixture('pytorch.safetensors')
  await laperm(['pack', weights, '--initial-weights', weights, '--out', 'p.laperm'])
  const model = [...inTinyModel, '--json']
  const { out } = await laperm(['evaluate', 'p.laperm', '--initial-weights', weights, ...model])
  const { testAccuracy, format } = JSON.parse(out)
  expect(format).toBe('laperm')
  expect(Math.fround(testAccuracy)).toBe(JSON.parse(readFileSync(fixture('keras.json'), 'utf8')).accuracy)
})
