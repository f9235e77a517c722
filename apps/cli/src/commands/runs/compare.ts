/** `laperm runs compare`: the settings in which runs differ, how well they did, and their curves. */
import {
  differingFields,
  type FieldValue,
  inspectRun,
  type ListedRun,
  leavesOf,
  readMetrics,
  settingsOf,
} from '@laperm/runs'
import { modelNameOf } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../../command.ts'
import { accuracyChart } from '../../curves/accuracy-chart.ts'
import { lastDistance, type RankingHistory, rankingHistories } from '../../curves/ranking-curves.ts'
import { accuracyCurve, labelsOf } from '../../curves/run-curves.ts'
import { letterOf, type Series } from '../../curves/series.ts'
import { terminalChart } from '../../curves/terminal-chart.ts'
import { type Failure, reportFailure, usageError } from '../../failure.ts'
import { outputFlags } from '../../flags.ts'
import { formatShare } from '../../format.ts'
import { runPath } from '../../named-run.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'
import { type TextColumn, tableLines } from '../../text-table.ts'
import { figureFlags, figureProblem, writeFigures } from '../../write-figure.ts'
import { runRecord } from './run-record.ts'
import { statusText, uncheckedLines } from './run-table.ts'

const compareFlags = {
  ...figureFlags('the curves of test accuracy'),
  json: outputFlags.json,
}

/** A letter each. */
const mostRuns = 26
const usualColumns = 100
const chartRows = 18

/** What does not say anything about a run but where and when it was made. */
const isCircumstance = (name: string): boolean => /^(createdAt|identity|commandLine|format)$/.test(name)

/** Settings and circumstances that differ: the experiment by its paths, data and versions under their own. */
const differencesOf = (
  runs: readonly ListedRun[],
): Readonly<Record<string, readonly (FieldValue | undefined)[]>> => {
  const records = runs.map(({ config }) => {
    const { experiment, ...circumstances } = config ?? {}
    const settings = experiment === undefined ? {} : settingsOf(experiment)
    return { ...settings, ...leavesOf(circumstances) }
  })
  return Object.fromEntries(
    Object.entries(differingFields(records)).filter(([name]) => !isCircumstance(name)),
  )
}

/** Digits of a hash that a person compares. */
const hashDigits = 8
/** Settings that explain why the data of a split are others. */
const explanations = { train: ['dataset', 'limit'], test: ['dataset', 'testLimit'] } as const

/** For people: hashes of data are left out where another data set or limit explains them, and short where they are the difference. */
const readableDifferences = (differences: ReturnType<typeof differencesOf>): typeof differences =>
  Object.fromEntries(
    Object.entries(differences).flatMap(([name, values]) => {
      const [, part, split] = /^data\.fingerprint\.((train|test)\w+)$/.exec(name) ?? []
      if (split !== 'train' && split !== 'test') return [[name, values]]
      if (explanations[split].some((setting) => setting in differences)) return []
      return [[`content of ${part}`, values.map((value) => String(value ?? '').slice(0, hashDigits))]]
    }),
  )

const inspectAll = async (
  directories: readonly string[],
): Promise<E.Either<Failure, readonly ListedRun[]>> => {
  if (directories.length < 2 || directories.length > mostRuns)
    return E.left(
      usageError(
        `'laperm runs compare' takes 2 to ${mostRuns} runs, not ${directories.length}. 'laperm runs --where ...' finds them.`,
      ),
    )
  const runs: ListedRun[] = []
  for (const directory of directories) {
    const run = await inspectRun(runPath(directory))()
    if (E.isLeft(run)) return run
    // As it was named: the last part of a path is often the same.
    runs.push({ ...run.right, name: directory })
  }
  return E.right(runs)
}

const titleOf = (runs: readonly ListedRun[]): string => {
  const subjects = runs.map(({ config }) =>
    config === null ? '' : `${modelNameOf(config.experiment.model)} on ${config.experiment.dataset}`,
  )
  const [first = ''] = subjects
  return subjects.every((subject) => subject === first) && first !== ''
    ? `Test accuracy of ${first}`
    : 'Test accuracy'
}

const show = (value: FieldValue | undefined): string => (value === undefined ? '' : String(value ?? 'none'))

/** The ranking distances of runs that record them. */
const printRankings = (rankings: readonly RankingHistory[], terminal: Terminal): void => {
  if (rankings.length === 0) return
  for (const line of ['', "Ranking distance, mean over the vectors' length"]) terminal.out(line)
  for (const [index, history] of rankings.entries())
    terminal.out(`${letterOf(index)}  ${history.curve.label}: ${lastDistance(history)}`)
  const curves = rankings.map(({ curve }) => curve)
  for (const line of terminalChart(curves, Math.min(terminal.columns ?? usualColumns, 140), chartRows))
    terminal.out(line)
}

const print = (runs: readonly ListedRun[], curves: readonly Series[], terminal: Terminal): void => {
  const { columns } = terminal
  const lettered = runs.map((run, index) => ({ run, letter: letterOf(index) }))
  const runColumns: readonly TextColumn<(typeof lettered)[number]>[] = [
    { title: '', text: ({ letter }) => letter },
    { title: 'run', text: ({ run }) => run.name },
    { title: 'status', text: ({ run }) => statusText(run), dropsAt: 2 },
    { title: 'epochs', text: ({ run }) => String(run.epochsDone), isNumber: true, dropsAt: 1 },
    { title: 'best', text: ({ run }) => formatShare(run.bestAccuracy), isNumber: true },
    { title: 'last', text: ({ run }) => formatShare(run.lastAccuracy), isNumber: true },
  ]
  for (const line of tableLines(lettered, runColumns, columns)) terminal.out(line)
  const differences = Object.entries(readableDifferences(differencesOf(runs)))
  terminal.out('')
  if (differences.length === 0) terminal.out('no setting differs')
  else {
    const settingColumns: readonly TextColumn<(typeof differences)[number]>[] = [
      { title: 'what differs', text: ([name]) => name },
      ...lettered.map(({ letter }, index) => ({
        title: letter,
        text: ([, values]: (typeof differences)[number]) => show(values[index]),
      })),
    ]
    for (const line of tableLines(differences, settingColumns, columns)) terminal.out(line)
  }
  const chart = terminalChart(curves, Math.min(columns ?? usualColumns, 140), chartRows)
  if (chart.length > 0) for (const line of ['', titleOf(runs)]) terminal.out(line)
  for (const line of chart) terminal.out(line)
  for (const { problem, name } of runs) if (problem !== null) terminal.out(`${name}: ${problem}`)
  for (const line of uncheckedLines(runs)) terminal.out(line)
}

const runCompare = async (
  directories: readonly string[],
  flags: FlagValues<typeof compareFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const problem = await figureProblem(flags)
  if (problem !== null) return reportFailure(terminal, json, problem)
  const inspected = await inspectAll(directories)
  if (E.isLeft(inspected)) return reportFailure(terminal, json, inspected.left)
  const runs: ListedRun[] = []
  const labels = labelsOf(inspected.right)
  const curves: Series[] = []
  const rankings: RankingHistory[] = []
  for (const [index, run] of inspected.right.entries()) {
    const { value, problem: damage } = await readMetrics(run.directory, run.summary?.files)
    runs.push(run.problem === null && damage !== null ? { ...run, state: 'damaged', problem: damage } : run)
    const metrics = value ?? { epochs: [], damagedLine: null }
    curves.push(accuracyCurve(labels[index] ?? '', metrics))
    rankings.push(...rankingHistories(labels[index] ?? '', metrics))
  }
  const isWanted = flags.svg !== undefined || flags.png !== undefined
  if (isWanted && curves.every(({ points }) => points.length === 0))
    return reportFailure(
      terminal,
      json,
      usageError('None of these runs has a test accuracy yet, so there is no curve to draw.'),
    )
  const pictures = await writeFigures(() => accuracyChart(titleOf(runs), curves), flags)
  if (E.isLeft(pictures)) return reportFailure(terminal, json, pictures.left)
  if (json)
    terminal.out(
      JSON.stringify({
        runs: runs.map(runRecord),
        differences: differencesOf(runs),
        curves,
        rankingDistances: rankings.map(({ curve, parameter, measured }) => ({
          label: curve.label,
          parameter,
          measured,
        })),
      }),
    )
  else {
    print(runs, curves, terminal)
    printRankings(rankings, terminal)
  }
  return exitCodes.done
}

const notes = `
Examples
  $ laperm runs compare runs/conv7-...-k20-... runs/conv7-...-k1200-...
  $ laperm runs compare runs/mlp-* --svg curves.svg

Only what differs is shown. An SVG follows its reader's light or dark mode; curves are named at their ends.`

export const compare = defineCommand({
  name: 'compare',
  summary: 'settings in which runs differ, their accuracies and curves',
  argument: {
    name: 'run',
    isRequired: true,
    isRepeated: true,
    help: "the runs' directories, or their names below ./runs",
  },
  flags: compareFlags,
  notes,
  run: ({ operands, flags }, terminal) => runCompare(operands, flags, terminal),
})
