/** Weights of other programs, and the small network that they are of, which reads digits. */
import { fileURLToPath } from 'node:url'

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
