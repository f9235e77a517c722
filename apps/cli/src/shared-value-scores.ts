/** How well networks of shared values do beside the network that they come from: what `laperm decompose --evaluate` measures. */
import { type CommonProfileKind, locationsAlone, valuesAlone } from '@laperm/analysis'
import type { Params } from '@laperm/core'
import { either as E } from 'fp-ts'
import { type EvaluationFlags, openEvaluation, type Score } from './evaluation.ts'
import type { Failure } from './failure.ts'
import { formatShare } from './format.ts'
import { readSavedWeights } from './saved-weights.ts'
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

/** Measure a run's or a `.laperm` file's network as it is, with its locations alone, and with its values alone. */
export const measureSharedValues = async (
  path: string,
  flags: ScoreFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, readonly ScoredNetwork[]>> => {
  const saved = await readSavedWeights(path, 'best')
  if (E.isLeft(saved)) return saved
  const opened = await openEvaluation(saved.right, flags, terminal)
  if (E.isLeft(opened)) return opened
  const scores: ScoredNetwork[] = []
  try {
    for (const [weights, make] of networksOf(saved.right.params, flags.theta ?? 'mean', flags.seed ?? 0)) {
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
