/** Measures what figures ask of their finished runs beyond training: the same networks with other values in their kernels. */
import {
  applyVariant,
  type Figure,
  type FigureRun,
  readVariantScores,
  type ScaleName,
  type Variant,
  type VariantScore,
  variantLabel,
  writeVariantScores,
} from '@laperm/paper'
import { findRun } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { openEvaluation } from './evaluation.ts'
import type { Failure } from './failure.ts'
import { identitiesOf } from './figure-files.ts'
import { readSavedWeights } from './saved-weights.ts'
import type { Terminal } from './terminal.ts'
import type { FigureRequest, PlannedFigures } from './train-figures.ts'

interface Missing {
  readonly run: FigureRun
  readonly identity: string
  readonly variants: readonly Variant[]
}

const missingOf = (
  figure: Figure,
  scale: ScaleName,
  { runs, ready }: PlannedFigures,
  known: readonly VariantScore[],
): readonly Missing[] => {
  const identityOf = identitiesOf(ready.sweep)
  const measured = new Set(known.map(({ identity, variant }) => `${identity} ${variant}`))
  const asked = new Map(figure.scales[scale].curves.map(({ label, variants = [] }) => [label, variants]))
  return runs
    .filter((run) => run.figure === figure.name)
    .flatMap((run) => {
      const identity = identityOf(run)
      const variants = (asked.get(run.curve) ?? []).filter(
        (variant) => !measured.has(`${identity} ${variantLabel(variant)}`),
      )
      return variants.length === 0 ? [] : [{ run, identity, variants }]
    })
}

/** Scores of one run's variants; none where it has not finished. */
const measureRun = async (
  { run, identity, variants }: Missing,
  { directory, flags }: FigureRequest,
  terminal: Terminal,
): Promise<E.Either<Failure, readonly VariantScore[]>> => {
  const found = await findRun(directory, identity)()
  if (E.isLeft(found)) return found
  if (found.right?.kind !== 'finished') return E.right([])
  const saved = await readSavedWeights(found.right.run.directory, 'best')
  if (E.isLeft(saved)) return saved
  const opened = await openEvaluation(saved.right, flags, terminal)
  if (E.isLeft(opened)) return opened
  try {
    const scores: VariantScore[] = []
    for (const variant of variants) {
      const params = applyVariant(variant, run.experiment, saved.right.params)
      const score = await opened.right.measure(params)
      if (E.isLeft(score)) return score
      const { accuracy, loss } = score.right
      scores.push({
        identity,
        variant: variantLabel(variant),
        accuracy,
        loss: Number.isFinite(loss) ? loss : null,
      })
    }
    return E.right(scores)
  } finally {
    await opened.right.close()
  }
}

/** Measure what is missing of the figures' variants; each run's scores are kept at once. */
export const measureVariants = async (
  request: FigureRequest,
  planned: PlannedFigures,
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => {
  const { chosen, scale, directory } = request
  for (const figure of chosen) {
    const known = await readVariantScores(directory, figure.name, scale)
    const missing = missingOf(figure, scale, planned, known)
    // Of runs that are not the figure's any more nothing is kept.
    const named = new Set(planned.runs.map(identitiesOf(planned.ready.sweep)))
    const scores = known.filter(({ identity }) => named.has(identity))
    for (const [i, each] of missing.entries()) {
      if (terminal.signal.aborted) return E.right(undefined)
      terminal.note(`measuring ${figure.name}, run ${i + 1} of ${missing.length}`)
      const measured = await measureRun(each, request, terminal)
      if (E.isLeft(measured)) return measured
      scores.push(...measured.right)
      if (measured.right.length > 0) await writeVariantScores(directory, figure.name, scale, scores)
    }
  }
  return E.right(undefined)
}
