/** Drawn flags of `laperm train`: known and unknown ones, with values that nobody means. */
import type { Random } from '@laperm/core'
import { experimentFlags } from '@laperm/train'
import { expect } from 'vitest'

const switches = ['--json', '--quiet', '--offline', '--accept-checksum', '--no-augment']
/** Not `--out` and `--resume`: they name where a round writes. Not `--model`: there is none. */
const names = [
  ...experimentFlags.map(({ name }) => `--${name}`),
  ...['--data-dir', '--checkpoint-seconds', '--lr', '--', '-x', '--model'],
]
const values = [
  ...['', ' ', '-1', '-0', '0', '1', '2', '3', '0.5', '1e308', '1e999', '0x10', 'NaN', 'Infinity', '007'],
  ...['4294967296', '9007199254740993', '99999999999999999999', '1,2', '1,2,3', '1@2', '1,2@3', ',', '@'],
  ...['\u001b[2J\u0007', '\u202egnp', 'x'.repeat(50_000), '__proto__', 'constructor', 'toString', '{}', '[]'],
  ...['adam', 'sgd', 'laperm', 'lookahead', 'kernel', 'kernel,bias', 'gamma', 'wasm', 'onnx', 'tensorflow'],
  ...['shared:1', 'shared:1e-50', 'he-uniform', 'unit', 'unit-minus-mean', 'digits', 'cifar10', 'nowhere/'],
  ...['rotation=10', 'flip', 'flip=no', 'shift=1e308', 'a=b', '%s%n', "it's", '$(true)', '~', '~/data', '.'],
]

const pick = <A>(items: readonly A[], random: Random): A => items[random.nextInt(items.length)]

/** One to three flags, some with the sign of equality, some without their value. */
export const drawWords = (random: Random): readonly string[] =>
  Array.from({ length: 1 + random.nextInt(3) }, () => {
    switch (random.nextInt(8)) {
      case 0:
        return [pick(switches, random)]
      case 1:
        return [pick(names, random)]
      case 2:
        return [`${pick(names, random)}=${pick(values, random)}`]
      default:
        return [pick(names, random), pick(values, random)]
    }
  }).flat()

/** Flags that set one number, and where it stands in the experiment. */
const numbers: Readonly<Record<string, (experiment: Readonly<Record<string, unknown>>) => unknown>> = {
  '--seed': ({ seed }) => seed,
  '--epochs': ({ epochs }) => epochs,
  '--batch-size': ({ batchSize }) => batchSize,
  '--limit': ({ limit }) => limit,
}

/** What was taken must be what was said: the last value of each of these flags, in decimal notation. */
export const expectTakenAsSaid = (
  words: readonly string[],
  { experiment }: { readonly experiment: Readonly<Record<string, unknown>> },
): void => {
  for (const [flag, valueIn] of Object.entries(numbers)) {
    const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`))
    if (at === -1) continue
    const text = words[at] === flag ? words[at + 1] : words[at].slice(flag.length + 1)
    expect(text, flag).toMatch(/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i)
    // JSON has one zero.
    expect(valueIn(experiment), flag).toBe(Number(text) + 0)
  }
}
