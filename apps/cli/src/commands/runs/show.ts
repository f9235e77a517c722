/** `laperm runs show`: everything about one run, for people. */
import { lstatSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { escapeControls } from '@laperm/formats'
import {
  inspectRun,
  type ListedRun,
  leavesOf,
  type ReadMetrics,
  readMetrics,
  runFiles,
  settingsOf,
  unfittingFiles,
} from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../../command.ts'
import { lastDistance, rankingHistories } from '../../curves/ranking-curves.ts'
import { accuracyCurve } from '../../curves/run-curves.ts'
import { letterOf } from '../../curves/series.ts'
import { terminalChart } from '../../curves/terminal-chart.ts'
import { type Failure, reportFailure } from '../../failure.ts'
import { outputFlags } from '../../flags.ts'
import { formatBytes, formatCount, formatSeconds, formatShare } from '../../format.ts'
import { runPath } from '../../named-run.ts'
import { storeFlags } from '../../open-store.ts'
import { shorten } from '../../plain-text.ts'
import { shellWord } from '../../shell-word.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'
import { tableLines } from '../../text-table.ts'
import { subjectOf } from '../../train-report.ts'
import { runRecord } from './run-record.ts'
import { statusText, uncheckedLines } from './run-table.ts'
import { findStoredRun } from './stored-runs.ts'

const showFlags = { ...storeFlags, json: outputFlags.json }
type ShowFlags = FlagValues<typeof showFlags>

/** What is shown. */
interface Shown {
  readonly run: ListedRun
  readonly metrics: ReadMetrics | null
  readonly files: readonly RunFile[]
  readonly next: readonly Pair[]
}

/** Width of a chart where no terminal says its own. */
const usualColumns = 80
const chartRows = 12
const longestValue = 200

interface RunFile {
  readonly name: string
  readonly sizeBytes: number
}

const filesOf = (directory: string): readonly RunFile[] =>
  readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const file = lstatSync(join(directory, name), { throwIfNoEntry: false })
      return file?.isFile() === true ? [{ name, sizeBytes: file.size }] : []
    })

type Pair = readonly [string, string]

const pairLines = (pairs: readonly Pair[], columns: number | undefined): readonly string[] => {
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  const most = columns === undefined ? longestValue : Math.max(60, columns - width - 4)
  return pairs.map(([name, value]) => `  ${name.padEnd(width)}  ${escapeControls(shorten(value, most))}`)
}

const textsOf = (fields: Readonly<Record<string, unknown>>): readonly Pair[] =>
  Object.entries(fields).map(([name, value]) => [name, value === null ? '-' : String(value)])

const progress = (run: ListedRun): string => {
  const epochs = run.config === null ? '?' : formatCount(run.config.experiment.epochs)
  const time = run.summary?.trainSeconds
  const took = time === undefined || time === 0 ? '' : ` in ${formatSeconds(time)}`
  const best = run.summary?.bestEpoch
  const when = best === undefined || best === null ? '' : ` in epoch ${best}`
  return `${statusText(run)}, ${formatCount(run.epochsDone)} of ${epochs} epochs${took}; test accuracy ${formatShare(run.lastAccuracy)}, best ${formatShare(run.bestAccuracy)}${when}`
}

/** Whether its weights are the initial ones, as its summary has it: not proven again. */
const proofOf = ({ summary }: ListedRun): readonly string[] => {
  if (summary === null || summary.isPermutation === null || summary.weights === null) return []
  const { weightVectors, permutedVectors, weights, movedWeights } = summary
  const held = `${formatCount(permutedVectors ?? 0)} of ${formatCount(weightVectors ?? 0)} weight vectors hold exactly their initial weights`
  const share = weights === 0 ? 0 : (movedWeights ?? 0) / weights
  return [
    `  ${summary.isPermutation ? 'a permutation' : 'no permutation'}: ${held}`,
    `  ${formatCount(movedWeights ?? 0)} of ${formatCount(weights)} weights (${formatShare(share)}) are in a new place`,
  ]
}

/** The shorter way to name a place from here: lines that are copied should fit. */
const nearPath = (path: string): string => {
  const near = relative('', path) || '.'
  return near.length < path.length ? near : path
}

/** What can be done with a run now, and the lines to copy. */
const nextSteps = (run: ListedRun, files: readonly RunFile[]): readonly Pair[] => {
  const directory = nearPath(run.directory)
  const path = shellWord(directory)
  const canGoOn = ['killed', 'interrupted', 'failed'].includes(run.state)
  const has = (file: string) => files.some(({ name }) => name === file)
  return [
    ...(canGoOn ? [['go on with it', `laperm train --resume ${path}`] as const] : []),
    ...(has(runFiles.best)
      ? ([
          ['measure and prove it again', `laperm evaluate ${path}`],
          [
            'its weights in Python, after: from safetensors.numpy import load_file',
            `load_file(${JSON.stringify(join(directory, runFiles.best))})`,
          ],
        ] as const)
      : []),
    ['its numbers as a table', `laperm runs export ${path}`],
  ]
}

/** The lines of each part that has any, under its title. */
const sections = (parts: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  Object.entries(parts).flatMap(([title, lines]) => (lines.length === 0 ? [] : ['', title, ...lines]))

const report = ({ run, metrics, files, next }: Shown, columns: number | undefined): readonly string[] => {
  const { config, summary } = run
  const { experiment = null, commandLine = null, ...circumstances } = config ?? {}
  const curve = metrics === null ? [] : [accuracyCurve('', metrics)]
  const rankings = metrics === null ? [] : rankingHistories('', metrics)
  const chartColumns = Math.min(columns ?? usualColumns, 120)
  const failed = summary?.error === undefined ? [] : [`  ${escapeControls(shorten(summary.error, 1000))}`]
  return [
    escapeControls(run.directory),
    ...(experiment === null ? [] : [`  ${subjectOf(experiment)}`]),
    `  ${progress(run)}`,
    ...(run.problem === null ? [] : [`  damaged: ${escapeControls(run.problem)}`]),
    ...sections({
      'Why it failed': failed,
      'Test accuracy': terminalChart(curve, chartColumns, chartRows),
      "Ranking distance, mean over the vectors' length": [
        ...rankings.map((history, index) => `  ${letterOf(index)}  ${lastDistance(history)}`),
        ...terminalChart(
          rankings.map((history) => history.curve),
          chartColumns,
          chartRows,
        ),
      ],
      Settings: experiment === null ? [] : pairLines(textsOf(settingsOf(experiment)), columns),
      'How it was made': pairLines(textsOf(leavesOf(circumstances)), columns),
      // Whole: it is there to be copied.
      'Command line': commandLine === null ? [] : [`  ${commandLine}`],
      Proof: proofOf(run),
      Files: tableLines(
        files,
        [
          { title: '', text: ({ name }) => `  ${name}` },
          { title: '', text: ({ sizeBytes }) => formatBytes(sizeBytes), isNumber: true },
        ],
        columns,
      )
        .slice(1)
        .concat(uncheckedLines([run]).map((line) => `  ${line}`)),
      'What next': next.flatMap(([what, line]) => [`  ${what}`, `    ${line}`]),
    }),
  ]
}

/** The run of a directory. */
const shownHere = async (directory: string): Promise<E.Either<Failure, Shown>> => {
  const found = await inspectRun(directory)()
  if (E.isLeft(found)) return found
  const unfitting = await unfittingFiles(found.right)
  const run: ListedRun =
    unfitting.length === 0 ? found.right : { ...found.right, state: 'damaged', problem: unfitting.join(' ') }
  const files = filesOf(run.directory)
  const { value: metrics } = await readMetrics(run.directory, run.summary?.files)
  return E.right({ run, metrics, files, next: nextSteps(run, files) })
}

/** The run of a store. */
const shownThere = async (
  name: string,
  flags: ShowFlags,
  terminal: Terminal,
): Promise<E.Either<Failure, Shown>> => {
  const found = await findStoredRun(flags, terminal, name)
  if (E.isLeft(found)) return found
  const { run, stored, metrics } = found.right
  const files = [...stored.files].map(([file, sizeBytes]) => ({ name: file, sizeBytes }))
  const endpoint = flags.endpoint === undefined ? '' : ` --endpoint ${shellWord(flags.endpoint)}`
  const pull = `laperm runs pull ${shellWord(name)} --store ${shellWord(flags.store ?? '')}${endpoint}`
  return E.right({ run, metrics, files, next: [['fetch it below ./runs', pull]] })
}

const runShow = async (name: string, flags: ShowFlags, terminal: Terminal): Promise<ExitCode> => {
  const json = flags.json ?? false
  const isStored = flags.store !== undefined || flags.endpoint !== undefined
  const found = await (isStored ? shownThere(name, flags, terminal) : shownHere(runPath(name)))
  if (E.isLeft(found)) return reportFailure(terminal, json, found.left)
  const { run, metrics, files } = found.right
  if (json) terminal.out(JSON.stringify({ ...runRecord(run), epochs: metrics?.epochs ?? [], files }))
  else for (const line of report(found.right, terminal.columns)) terminal.out(line)
  return exitCodes.done
}

export const show = defineCommand({
  name: 'show',
  summary: 'everything about one run: settings, curve, proof, files, what next',
  argument: {
    name: 'run',
    isRequired: true,
    help: "the run's directory, or its name below ./runs; with --store its name there",
  },
  flags: showFlags,
  run: ({ argument = '', flags }, terminal) => runShow(argument, flags, terminal),
})
