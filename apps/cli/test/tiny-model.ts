/** Weights of other programs, and the small network that they are of, which reads digits. */
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { runCaptured } from './captured-cli.ts'

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/weights/${name}`, import.meta.url))

/** What evaluates weights in that network. */
export const inTinyModel: readonly string[] = [
  '--model',
  fixture('tiny.json'),
  '--dataset',
  'digits',
  '--threads',
  '1',
  '--quiet',
]

/** What Keras says of the network on the test digits. */
export interface KerasScore {
  readonly accuracy: number
  readonly loss: number
}

/** Evaluate a file of the network, and expect Keras's accuracy. */
export const evaluatesLikeKeras = async (
  path: string,
  format: string,
  { accuracy, loss }: KerasScore,
): Promise<void> => {
  const { code, out } = await runCaptured(['evaluate', path, ...inTinyModel, '--json'])
  expect(code).toBe(0)
  const found = JSON.parse(out)
  expect(found).toMatchObject({
    format,
    weights: 'foreign',
    testExamples: 4000,
    normalization: 'unit',
    notes: [],
  })
  // Keras gives it in float32.
  expect(Math.fround(found.testAccuracy)).toBe(accuracy)
  expect(found.testLoss).toBeCloseTo(loss, 5)
  expect(found.assignments).toHaveLength(22)
}
