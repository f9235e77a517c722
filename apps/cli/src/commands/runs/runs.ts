/** `laperm runs`: the runs below a directory in a table, and the commands that work on runs. */
import { existsSync } from 'node:fs'
import { csvLines, fieldsOf, type ListedRun } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { type Command, defineCommand, type FlagValues } from '../../command.ts'
import { type Failure, reportFailure, usageError } from '../../failure.ts'
import { excluding } from '../../flag-relations.ts'
import { notWithJson, outputFlags, toggle } from '../../flags.ts'
import { formatCount, plural } from '../../format.ts'
import { usualDirectory } from '../../named-run.ts'
import { storeFlags } from '../../open-store.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'
import { tableLines } from '../../text-table.ts'
import { chooseRuns, filterFlags, findRuns, orderFlags } from './choose-runs.ts'
import { compare } from './compare.ts'
import { exportRuns } from './export.ts'
import { pull } from './pull.ts'
import { remove } from './remove.ts'
import { runRecord } from './run-record.ts'
import { runColumns, uncheckedLines } from './run-table.ts'
import { show } from './show.ts'
import { findStoredRuns } from './stored-runs.ts'

const runsFlags = {
  ...filterFlags,
  ...orderFlags,
  ...storeFlags,
  csv: excluding(toggle('print a line of CSV for each run, with every setting and result'), notWithJson),
  json: outputFlags.json,
}

const print = (runs: readonly ListedRun[], found: number, directory: string, terminal: Terminal): void => {
  if (runs.length === 0) {
    terminal.out(
      found === 0
        ? `no runs below ${directory}; to make one: laperm train f2`
        : `none of the ${plural(found, 'run')} below ${directory} is meant by these filters`,
    )
    return
  }
  for (const line of tableLines(runs, runColumns(Date.now()), terminal.columns)) terminal.out(line)
  const more = found === runs.length ? '' : `, of ${formatCount(found)} below ${directory}`
  terminal.out('')
  terminal.out(`${plural(runs.length, 'run')}${more}`)
  for (const { name, problem } of runs) if (problem !== null) terminal.out(`${name}: ${problem}`)
  for (const line of uncheckedLines(runs)) terminal.out(line)
}

const listOf = async (
  named: string | undefined,
  flags: FlagValues<typeof runsFlags>,
  terminal: Terminal,
): Promise<E.Either<Failure, readonly ListedRun[]>> => {
  if (flags.store !== undefined || flags.endpoint !== undefined) {
    const stored = await findStoredRuns(flags, terminal)
    return E.isLeft(stored) ? stored : E.right(stored.right.map(({ run }) => run))
  }
  const directory = named ?? usualDirectory
  return named === undefined && !existsSync(directory) ? E.right([]) : findRuns([directory])
}

const runRuns = async (
  named: string | undefined,
  flags: FlagValues<typeof runsFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  if (named !== undefined && flags.store !== undefined)
    return reportFailure(
      terminal,
      json,
      usageError('Runs are listed of a directory or of a store: leave one out.'),
    )
  const directory = flags.store ?? named ?? usualDirectory
  const found = await listOf(named, flags, terminal)
  if (E.isLeft(found)) return reportFailure(terminal, json, found.left)
  const chosen = chooseRuns(found.right, flags)
  if (E.isLeft(chosen)) return reportFailure(terminal, json, chosen.left)
  const { runs } = chosen.right
  if (json) terminal.out(JSON.stringify({ runs: runs.map(runRecord) }))
  else if (flags.csv === true) for (const line of csvLines(runs.map(fieldsOf))) terminal.out(line)
  else print(runs, chosen.right.found, directory, terminal)
  return exitCodes.done
}

const notes = `
Examples
  $ laperm runs                                the runs below ./runs, the newest first
  $ laperm runs --model conv7 --where syncPeriod=20 --where seed=0..4
  $ laperm runs --sort bestTestAccuracy --order desc --limit 10
  $ laperm runs --store s3://bucket/runs       the runs of a store; 'laperm runs pull' fetches them
  $ laperm runs --status killed                runs that no process works on any more and that can go on

A field is a setting by its path in config.json (outer.syncPeriod.period), by the word for it (syncPeriod) or its flag (sync-period),
or a part of summary.json (bestTestAccuracy, steps, trainSeconds).
Comparisons: = != < <= > >=; a range 0..4 holds both ends; 'none' is what a run does not have. Quote < and > for your shell.
A narrow terminal shows fewer columns; --csv and --json have everything.`

export const runs: Command = defineCommand({
  name: 'runs',
  summary: 'the runs below a directory, alive or ended, filtered by any setting or result',
  argument: { name: 'directory', isRequired: false, help: `where to look (default: ${usualDirectory})` },
  flags: runsFlags,
  commands: [show, compare, exportRuns, pull, remove],
  notes,
  run: ({ argument, flags }, terminal) => runRuns(argument, flags, terminal),
})
