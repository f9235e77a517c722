/** `laperm runs export`: results of runs as a tidy table, their weights for numpy, or their curves for TensorBoard. */
import { relative } from 'node:path'
import { csvLines, type ListedRun, type TidyRow, tidyColumns, tidyRows } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../../command.ts'
import { type Failure, reportFailure, usageError } from '../../failure.ts'
import { needing } from '../../flag-relations.ts'
import { oneOf, text } from '../../flags.ts'
import { plural } from '../../format.ts'
import { usualDirectory } from '../../named-run.ts'
import { endingProblem } from '../../output-ending.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'
import { forceFlag, type Output, outputProblem, writeOutput } from '../../write-output.ts'
import { chooseRuns, filterFlags, findRuns, orderFlags } from './choose-runs.ts'
import { exportEvents, exportWeights } from './export-files.ts'
import { uncheckedLines } from './run-table.ts'

const formats = ['csv', 'json', 'npz', 'tensorboard'] as const
type Format = (typeof formats)[number]

const exportFlags = {
  ...filterFlags,
  ...orderFlags,
  format: oneOf(
    'format',
    formats,
    "csv, json, npz (the weights) or tensorboard (event files) (default: what --out's ending says, else csv)",
  ),
  out: text(
    '<path>',
    'what to write (default: standard output): a file; of tensorboard, and npz of several runs, a directory',
  ),
  force: needing(forceFlag, 'out'),
}
type ExportFlags = FlagValues<typeof exportFlags>

const formatOf = ({ format, out }: ExportFlags): Format =>
  format ??
  (['csv', 'json', 'npz'] as const).find((known) => out?.toLowerCase().endsWith(`.${known}`)) ??
  'csv'

/** Rows as lines of the format; a million rows are no longer than that in memory. */
const linesOf = (rows: readonly TidyRow[], format: 'csv' | 'json'): readonly string[] => {
  if (format === 'csv') return csvLines(rows, tidyColumns(rows))
  return ['[', ...rows.map((row, index) => JSON.stringify(row) + (index === rows.length - 1 ? '' : ',')), ']']
}

const exportTable = async (
  runs: readonly ListedRun[],
  format: 'csv' | 'json',
  output: Output | null,
  terminal: Terminal,
): Promise<E.Either<Failure, number>> => {
  const problem =
    output === null ? null : (endingProblem(output, `.${format}`) ?? (await outputProblem(output)))
  if (problem !== null) return E.left(problem)
  const rows: TidyRow[] = []
  let exported = 0
  for (const [index, read] of (await Promise.all(runs.map(tidyRows))).entries()) {
    if (E.isLeft(read)) {
      terminal.err(`left out: ${runs[index]?.name}: ${read.left.reason}`)
      continue
    }
    rows.push(...read.right)
    exported++
  }
  if (exported === 0) return E.right(0)
  const lines = linesOf(rows, format)
  if (output === null) for (const line of lines) terminal.out(line)
  else {
    const failure = await writeOutput(
      output,
      lines.map((line) => `${line}\n`),
    )
    if (failure !== null) return E.left(failure)
  }
  return E.right(exported)
}

/** @returns how many runs were exported. */
const exportAs = async (
  format: Format,
  runs: readonly ListedRun[],
  output: Output | null,
  terminal: Terminal,
): Promise<E.Either<Failure, number>> => {
  switch (format) {
    case 'csv':
    case 'json':
      return exportTable(runs, format, output, terminal)
    case 'npz':
      return output === null
        ? E.left(usageError('--format npz needs --out: a file, or of several runs a directory.'))
        : exportWeights(runs, output, terminal)
    case 'tensorboard':
      return output === null
        ? E.left(usageError('--format tensorboard needs --out: a directory, for tensorboard --logdir.'))
        : exportEvents(runs, output, terminal)
    default:
      return format satisfies never
  }
}

const runExport = async (
  operands: readonly string[],
  flags: ExportFlags,
  terminal: Terminal,
): Promise<ExitCode> => {
  const found = await findRuns(operands.length === 0 ? [usualDirectory] : operands)
  if (E.isLeft(found)) return reportFailure(terminal, false, found.left)
  // Of several directories each has its own names below it.
  const named =
    operands.length < 2
      ? found.right
      : found.right.map((run) => ({ ...run, name: relative(process.cwd(), run.directory) }))
  const chosen = chooseRuns(named, flags)
  if (E.isLeft(chosen)) return reportFailure(terminal, false, chosen.left)
  const runs = chosen.right.runs.filter(({ config, problem, name }) => {
    if (config === null) terminal.err(`left out: ${name}: ${problem ?? 'it has no config.json'}`)
    else if (problem !== null) terminal.err(`warning: ${name}: ${problem}`)
    return config !== null
  })
  for (const line of uncheckedLines(runs)) terminal.err(`warning: ${line}`)
  const nothing = (why: string) =>
    usageError(
      `There is nothing to export: ${plural(chosen.right.found, 'run')} found, ${why}. 'laperm runs' shows what there is.`,
    )
  if (runs.length === 0) return reportFailure(terminal, false, nothing('none chosen'))
  const output =
    flags.out === undefined ? null : { flag: '--out', path: flags.out, force: flags.force ?? false }
  const format = formatOf(flags)
  const exported = await exportAs(format, runs, output, terminal)
  if (E.isLeft(exported)) return reportFailure(terminal, false, exported.left)
  if (exported.right === 0)
    return reportFailure(
      terminal,
      false,
      nothing(format === 'npz' ? 'none of them has weights' : 'none of them can be read'),
    )
  if (output !== null) terminal.err(`${plural(exported.right, 'run')} exported to ${output.path}`)
  return exitCodes.done
}

const notes = `
Examples
  $ laperm runs export --where syncPeriod=20 > curves.csv
  $ laperm runs export runs/sweep --out curves.json
  $ laperm runs export runs/conv7-... --out weights.npz
  $ laperm runs export --format tensorboard --out events && tensorboard --logdir events

csv and json have one row a run and epoch; packages/runs/README.md says what each column is. In Python:
  pandas.read_csv('curves.csv').groupby(['syncPeriod', 'epoch']).testAccuracy.mean()
  numpy.load('weights.npz')['best/<parameter>']    also 'last/<parameter>': float32, in the parameter's shape
tensorboard makes an event file a run from its metrics; histograms of weights are in it only if the run was trained with --tensorboard.`

export const exportRuns = defineCommand({
  name: 'export',
  summary:
    'results of runs as a tidy table, a row a run and epoch; or weights for numpy, or curves for TensorBoard',
  argument: {
    name: 'path',
    isRequired: false,
    isRepeated: true,
    help: `runs, or directories with runs (default: ${usualDirectory})`,
  },
  flags: exportFlags,
  notes,
  run: ({ operands, flags }, terminal) => runExport(operands, flags, terminal),
})
