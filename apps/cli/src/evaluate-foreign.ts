/** `laperm evaluate <file> --model`: another program's weights in a model of ours, with a table of what went where. */
import { type Experiment, modelNameOf, type WeightsFit } from '@laperm/train'
import { either as E } from 'fp-ts'
import { askedFor } from './asked-for.ts'
import type { Given } from './command.ts'
import type { evaluateFlags } from './evaluate-flags.ts'
import { openEvaluation, type Score } from './evaluation.ts'
import { type Failure, reportFailure, usageError } from './failure.ts'
import { type Fitted, fitFile } from './fit-file.ts'
import { formatCount, formatShare } from './format.ts'
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts'
import { type TextColumn, tableLines } from './text-table.ts'

type EvaluateGiven = Given<typeof evaluateFlags>
type Assignment = WeightsFit['assignments'][number]

const columns: readonly TextColumn<Assignment>[] = [
  { title: 'parameter', text: ({ parameter }) => parameter },
  { title: 'shape', text: ({ shape }) => shape.join(' x '), dropsAt: 2 },
  { title: 'from the file', text: ({ tensor }) => tensor ?? '-' },
  { title: 'how', text: ({ change }) => change, dropsAt: 1 },
]

const printScore = (
  path: string,
  experiment: Experiment,
  { format, fit }: Fitted,
  score: Score,
  terminal: Terminal,
): void => {
  for (const line of tableLines(fit.assignments, columns, terminal.columns)) terminal.out(line)
  terminal.out('')
  terminal.out(
    `${modelNameOf(experiment.model)} on ${experiment.dataset}, weights of ${path} (${format}), inputs normalized as '${experiment.normalization}'`,
  )
  terminal.out(
    `  test accuracy ${formatShare(score.accuracy)} (${formatCount(score.correct)} of ${formatCount(score.count)}), loss ${score.loss.toFixed(4)}`,
  )
}

/** Evaluate a file of another program, or of ours, in the model that `--model` names. */
export const evaluateForeign = async (
  path: string,
  { flags, settings }: EvaluateGiven,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const fail = (failure: Failure): ExitCode => reportFailure(terminal, json, failure)
  if (flags.weights !== undefined)
    return fail(
      usageError('--weights chooses between those of a run; with --model the file is what is measured.'),
    )
  const asked = await askedFor(flags.model, settings, flags, terminal)
  if (E.isLeft(asked)) return fail(asked.left)
  const { experiment, source } = asked.right
  const fitted = await fitFile(path, experiment, flags, terminal)
  if (E.isLeft(fitted)) return fail(fitted.left)
  const { fit, format } = fitted.right
  const opened = await openEvaluation({ experiment, data: source, run: null }, flags, terminal)
  if (E.isLeft(opened)) return fail(opened.left)
  const { engine, measure, close } = opened.right
  const score = await measure(fit.params).finally(close)
  if (E.isLeft(score)) return fail(score.left)
  if (json)
    terminal.out(
      JSON.stringify({
        model: modelNameOf(experiment.model),
        dataset: experiment.dataset,
        normalization: experiment.normalization,
        engine,
        weights: 'foreign',
        file: path,
        format,
        testAccuracy: score.right.accuracy,
        testLoss: score.right.loss,
        testExamples: score.right.count,
        assignments: fit.assignments,
        notes: fit.notes,
      }),
    )
  else printScore(path, experiment, fitted.right, score.right, terminal)
  return exitCodes.done
}
