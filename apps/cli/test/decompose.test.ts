import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSafetensors, encodeSafetensors } from '@laperm/formats'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { runCaptured, runCapturedIn } from './captured-cli.ts'
import { makeDirectory } from './laperm-process.ts'
import { fixture, inTinyModel } from './tiny-model.ts'
import { quick } from './two-runs.ts'

test("what a run's places keep is measured beside its controls", async () => {
  const directory = makeDirectory()
  await runCapturedIn(directory, [
    'train',
    'mlp',
    ...quick,
    '--limit',
    '1000',
    '--epochs',
    '4',
    '--out',
    'run',
  ])
  const { code, out } = await runCapturedIn(directory, [
    'decompose',
    'run',
    '--evaluate',
    '--json',
    '--quiet',
  ])
  expect(code).toBe(0)
  const { layers, scores, theta } = JSON.parse(out)
  expect(theta).toBe('mean')
  for (const { total, d1, d2Theta, d2Delta } of layers) {
    // Drawn weights of one distribution, permuted: nearly everything is where they are.
    expect(d1 / total).toBeGreaterThan(0.9)
    expect(d1 + d2Theta + d2Delta).toBeCloseTo(total, 6)
  }
  const accuracyOf = Object.fromEntries(
    scores.map(({ weights, accuracy }: Record<string, unknown>) => [weights, accuracy]),
  )
  expect(Object.keys(accuracyOf)).toEqual([
    'as they are',
    'mean profile, by rank',
    'two values, by rank',
    'three values, by rank',
    'gaussian, by rank',
    'mean profile, at random',
  ])
  // Ten classes: guessing gives 10%.
  expect(accuracyOf['mean profile, by rank']).toBeGreaterThan(0.4)
  expect(accuracyOf['mean profile, at random']).toBeLessThan(0.3)
})

test('the network of shared values is written for any program, in the axes of the file', async () => {
  const directory = makeDirectory()
  // PyTorch has the neuron first: neurons (3, 1, 2) and (4, 9, 5); sorted means 2.5, 3.5, 6.
  const values = Float32Array.of(3, 1, 2, 4, 9, 5)
  const tensors = [
    { name: 'fc.weight', shape: [2, 3], values },
    { name: 'fc.bias', shape: [2], values: Float32Array.of(7, 8) },
  ]
  writeFileSync(join(directory, 'a.safetensors'), encodeSafetensors(tensors, { format: 'pt' }))
  const words = ['decompose', 'a.safetensors', '--out', 'b.safetensors']
  const { out } = await runCapturedIn(directory, [...words, '--csv'])
  expect(out).toMatch(/^layer,vectors,length,total,d1,d2Theta,d2Delta,cross\nfc.weight,2,3,136,/)
  const written = decodeSafetensors('b', readFileSync(join(directory, 'b.safetensors')))
  if (E.isLeft(written)) throw new Error(JSON.stringify(written.left))
  expect(written.right.tensors.map((tensor) => [...tensor.values])).toEqual([
    [6, 2.5, 3.5, 2.5, 6, 3.5],
    [7, 8],
  ])
  expect((await runCapturedIn(directory, words)).err).toMatch(/is there already/)
  const refused = await runCapturedIn(directory, ['decompose', 'a.safetensors', '--evaluate'])
  expect(refused.code).toBe(2)
  expect(refused.err).toMatch(
    /holds weights and no model\. For --evaluate name one, for example --model conv7/,
  )
})

test("how much accuracy the places of another program's weights keep is measured in the model that is named", async () => {
  const words = ['decompose', fixture('keras3.keras'), '--evaluate']
  const { code, out } = await runCaptured([...words, ...inTinyModel, '--json'])
  expect(code).toBe(0)
  const { scores } = JSON.parse(out)
  const keras = JSON.parse(readFileSync(fixture('keras.json'), 'utf8'))
  expect(scores[0].weights).toBe('as they are')
  expect(Math.fround(scores[0].accuracy)).toBe(keras.accuracy)
  expect(scores).toHaveLength(6)
})
