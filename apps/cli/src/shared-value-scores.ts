/** How well networks of shared values do beside the network that they come from: what `laperm decompose --evaluate` measures. */

import { stat } from 'node:fs/promises'
import { type CommonProfileKind, locationsAlone, valuesAlone } from '@laperm/analysis'
import type { Params } from '@laperm/core'
import type { FlagText } from '@laperm/train'
import { either as E } from 'fp-ts'
import { askedFor } from './asked-for.ts'
import type { FlagValues } from './command.ts'
import type { foreignFlags } from './evaluate-flags.ts'
import { type EvaluationFlags, openEvaluation, type Score } from './evaluation.ts'
import { type Failure, usageError } from './failure.ts'
import { type Fitted, fitFile } from './fit-file.ts'
import type { DataFlags } from './flags.ts'
import { formatShare } from './format.ts'
import { packedEnding } from './packed-file.ts'
import { readSavedWeights, type SavedWeights } from './saved-weights.ts'
import type { Terminal } from './terminal.ts'
import type { TextColumn } from './text-table.ts'

/** A network and how well it does. */
export interface ScoredNetwork extends Score {
  readonly weights: string
}

/** The networks that are measured beside each other. */
const networksOf = (
  params: Params,
  theta: CommonProfileKind,
  seed: number,
): readonly (readonly [string, () => Params])[] => [
  ['as they are', () => params],
  [`${theta} profile, by rank`, () => locationsAlone(params, theta)],
  ...(['two', 'three', 'gaussian'] as const)
    .filter((kind) => kind !== theta)
    .map(
      (kind) =>
        [
          `${kind === 'gaussian' ? 'gaussian' : `${kind} values`}, by rank`,
          () => locationsAlone(params, kind),
        ] as const,
    ),
  [`${theta} profile, at random`, () => valuesAlone(params, theta, seed)],
]

/** What is measured, and how. */
export interface ScoreFlags extends EvaluationFlags {
  readonly theta?: CommonProfileKind
  readonly seed?: number
}

/** A network that can be measured. */
type Measured = Pick<SavedWeights, 'experiment' | 'params' | 'data' | 'run'>

/** What is measured: a run, a `.laperm` file, or with `--model` another program's weights in it. */
export const savedToMeasure = async (
  path: string,
  flags: FlagValues<typeof foreignFlags> & DataFlags,
  settings: Readonly<Record<string, FlagText>>,
  terminal: Terminal,
): Promise<E.Either<Failure, Measured>> => {
  if (flags.model === undefined) {
    const found = await stat(path).catch(() => null)
    return found?.isFile() === true && !path.endsWith(packedEnding)
      ? E.left(
          usageError(
            `${path} holds weights and no model. For --evaluate name one, for example --model conv7 --dataset mnist.`,
          ),
        )
      : readSavedWeights(path, 'best')
  }
  const asked = await askedFor(flags.model, settings, flags, terminal)
  if (E.isLeft(asked)) return asked
  const { experiment, source } = asked.right
  return E.map(({ fit }: Fitted): Measured => ({ experiment, params: fit.params, data: source, run: null }))(
    await fitFile(path, experiment, flags, terminal),
  )
}

/** Measure a network as it is, with its locations alone, and with its values alone. */
export const measureSharedValues = async (
  saved: Measured,
  flags: ScoreFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, readonly ScoredNetwork[]>> => {
  const opened = await openEvaluation(saved, flags, terminal)
  if (E.isLeft(opened)) return opened
  const scores: ScoredNetwork[] = []
  try {
    for (const [weights, make] of networksOf(saved.params, flags.theta ?? 'mean', flags.seed ?? 0)) {
      terminal.note(`measuring ${weights}`)
      const score = await opened.right.measure(make())
      if (E.isLeft(score)) return score
      scores.push({ weights, ...score.right })
    }
    return E.right(scores)
  } finally {
    await opened.right.close()
  }
}

/** The columns of its table. */
export const scoreColumns: readonly TextColumn<ScoredNetwork>[] = [
  { title: 'kernels', text: ({ weights }) => weights },
  { title: 'test accuracy', text: ({ accuracy }) => formatShare(accuracy), isNumber: true },
  { title: 'loss', text: ({ loss }) => loss.toFixed(4), isNumber: true },
]
