/** `laperm runs export`: results of runs as a tidy table, or their weights for numpy. */
import { join, relative } from 'node:path'
import type { Params } from '@laperm/core'
import {
  csvLines,
  type ListedRun,
  openRun,
  readWeights,
  tidyColumns,
  tidyRows,
  weightsNpz,
} from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../../command.ts'
import { type Failure, renderFailure, reportFailure, usageError } from '../../failure.ts'
import { oneOf, text } from '../../flags.ts'
import { plural } from '../../format.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'
import { makeOutputDirectory, writeOutput } from '../../write-output.ts'
import { chooseRuns, filterFlags, findRuns, orderFlags, usualDirectory } from './choose-runs.ts'

const exportFlags = {
  ...filterFlags,
  ...orderFlags,
  format: oneOf('format', ['csv', 'json', 'npz'], 'csv, json, or npz: the weights (default: csv)'),
  out: text('<path>', 'the file to write (default: standard output; npz of several runs: a directory)'),
}
type ExportFlags = FlagValues<typeof exportFlags>

/** Rows of runs as lines of the format; a million rows are no longer than that in memory. */
const tableLines = async (runs: readonly ListedRun[], format: 'csv' | 'json'): Promise<readonly string[]> => {
  const rows = (await Promise.all(runs.map((run) => tidyRows(run)))).flat()
  if (format === 'csv') return csvLines(rows, tidyColumns(rows))
  return ['[', ...rows.map((row, index) => JSON.stringify(row) + (index === rows.length - 1 ? '' : ',')), ']']
}

const exportTable = async (
  runs: readonly ListedRun[],
  format: 'csv' | 'json',
  out: string | undefined,
  terminal: Terminal,
): Promise<Failure | null> => {
  const lines = await tableLines(runs, format)
  if (out !== undefined)
    return writeOutput(
      '--out',
      out,
      lines.map((line) => `${line}\n`),
    )
  for (const line of lines) terminal.out(line)
  return null
}

/** The best and the last weights of a run, as far as it has them. */
const weightsOf = async ({
  directory,
}: ListedRun): Promise<E.Either<Failure, Readonly<Record<string, Params>>>> => {
  const opened = await openRun(directory)()
  if (E.isLeft(opened)) return opened
  const sets: Record<string, Params> = {}
  for (const which of ['best', 'last'] as const) {
    const weights = await readWeights(opened.right, which)()
    if (E.isRight(weights)) sets[which] = weights.right
    // A run that has not ended has no last weights yet, and before a synchronization no best ones.
    else if (weights.left._tag === 'CorruptFile') return weights
  }
  return E.right(sets)
}

/** One file for one run; of several a file each, in a directory. Runs without weights are said and left out. */
const exportWeights = async (
  runs: readonly ListedRun[],
  out: string | undefined,
  terminal: Terminal,
): Promise<Failure | null> => {
  if (out === undefined)
    return usageError('--format npz needs --out: a file, or of several runs a directory.')
  if (runs.length > 1) {
    const problem = await makeOutputDirectory('--out', out)
    if (problem !== null) return problem
  }
  for (const run of runs) {
    const weights = await weightsOf(run)
    if (E.isLeft(weights)) terminal.err(`left out: ${run.name}: ${renderFailure(weights.left)}`)
    else if (Object.keys(weights.right).length === 0)
      terminal.err(`left out: ${run.name}: it has no weights yet`)
    else {
      const path = runs.length === 1 ? out : join(out, `${run.name.replaceAll(/[/\\]/g, '__')}.npz`)
      const failure = await writeOutput('--out', path, weightsNpz(weights.right))
      if (failure !== null) return failure
    }
  }
  return null
}

const runExport = async (
  operands: readonly string[],
  flags: ExportFlags,
  terminal: Terminal,
): Promise<ExitCode> => {
  const format = flags.format ?? 'csv'
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
    return config !== null
  })
  if (runs.length === 0)
    return reportFailure(
      terminal,
      false,
      usageError(`There is nothing to export: ${plural(chosen.right.found, 'run')} found, none chosen.`),
    )
  const failure =
    format === 'npz'
      ? await exportWeights(runs, flags.out, terminal)
      : await exportTable(runs, format, flags.out, terminal)
  if (failure !== null) return reportFailure(terminal, false, failure)
  if (flags.out !== undefined) terminal.err(`${plural(runs.length, 'run')} exported to ${flags.out}`)
  return exitCodes.done
}

const notes = `
Examples
  $ laperm runs export --where syncPeriod=20 > curves.csv
  $ laperm runs export runs/sweep --format json --out curves.json
  $ laperm runs export runs/conv7-... --format npz --out weights.npz

csv and json have one row a run and epoch; packages/runs/README.md says what each column is. In Python:
  pandas.read_csv('curves.csv').groupby(['syncPeriod', 'epoch']).testAccuracy.mean()
  numpy.load('weights.npz')['best/<parameter>']    also 'last/<parameter>': float32, in the parameter's shape`

export const exportRuns = defineCommand({
  name: 'export',
  summary: 'results of runs as a tidy table, a row a run and epoch; or their weights for numpy',
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
