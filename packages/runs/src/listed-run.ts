/**
 * One run as a list shows it, out of its directory. Reads only, takes no lock and waits for nobody; what is damaged is said, whatever it is.
 *
 * Weights are not read: whether they are whole is what `readWeights` and `planResume` tell.
 */
import { basename, join } from 'node:path'
import { either as E } from 'fp-ts'
import { readEarlyFailure } from './early-failure.ts'
import { type FileCalls, threadCalls } from './file-calls.ts'
import { checksumOf, type FileChecksums, unfittingFile } from './file-checksum.ts'
import { readSmallFile } from './read-small-file.ts'
import { parseConfig, type RunConfig } from './run-config.ts'
import { runFiles } from './run-directory.ts'
import { type RunError, renderRunError } from './run-errors.ts'
import { extentOf, wrongLength } from './run-extent.ts'
import { type LockHolder, readLockHolder } from './run-lock.ts'
import { parseMetrics, type ReadMetrics } from './run-metrics.ts'
import type { RunStatus, RunSummary } from './run-summary.ts'
import { mostSummaryBytes, parseSummary } from './summary-file.ts'

/**
 * What became of a run: its summary held against whether a process works on it. `killed`: the summary says `running`, but nobody does;
 * such a run goes on like an interrupted one. `damaged`: a file cannot be read for what it should be.
 */
export type RunState = RunStatus | 'killed' | 'damaged'

/** A run in a list. */
export interface ListedRun {
  /** Absolute path. */
  readonly directory: string
  /** The path below the directory that was listed; foreign text, to be escaped for a terminal. */
  readonly name: string
  readonly state: RunState
  /** Who writes into it now. */
  readonly holder: LockHolder | null
  /** Why it counts as damaged, in words. */
  readonly problem: string | null
  /** Null where it cannot be read. */
  readonly config: RunConfig | null
  readonly summary: RunSummary | null
  /** Epochs that were trained to their end. */
  readonly epochsDone: number
  /** Shares of the test set, right after a synchronization; null before the first. */
  readonly lastAccuracy: number | null
  readonly bestAccuracy: number | null
  /** Of the directory's own files. */
  readonly sizeBytes: number
  /** ISO 8601; null without a config. */
  readonly createdAt: string | null
  /** When a file of it was last written, ISO 8601; null where that cannot be told. */
  readonly changedAt: string | null
}

/** A network of one's own with thousands of layers has less. */
const mostConfigBytes = 4_000_000
/** A line an epoch, 300 bytes each. */
const mostMetricsBytes = 16_000_000

/** Files that only a run has: each tells a run whose config.json is damaged or lost. */
const tellingFiles: readonly string[] = [runFiles.metrics, runFiles.checkpoint]

/** The error without the path of the directory, which stands beside it. */
const reasonOf = (error: RunError): string => renderRunError({ ...error, path: basename(error.path) })

interface Read<A> {
  readonly value: A | null
  readonly problem: string | null
}

const readAs = async <A>(
  path: string,
  mostBytes: number,
  calls: FileCalls,
  parse: (path: string, text: string) => E.Either<RunError, A>,
): Promise<Read<A> & { readonly text: string | null }> => {
  const file = await readSmallFile(path, mostBytes, calls)
  const fail = (problem: string) => ({ value: null, problem: `${basename(path)} ${problem}`, text: null })
  if (file.kind === 'missing') return fail('is missing')
  if (file.kind === 'refused') return fail(file.reason)
  const parsed = parse(path, file.text)
  return E.isRight(parsed)
    ? { value: parsed.right, problem: null, text: file.text }
    : { value: null, problem: reasonOf(parsed.left), text: file.text }
}

/**
 * Epochs of a run's `metrics.jsonl`; none where there is no such file.
 *
 * @param files what the run's summary says of its files, where it does: metrics that are others are not read.
 */
export const readMetrics = async (
  directory: string,
  files: FileChecksums | undefined,
): Promise<Read<ReadMetrics>> => {
  const path = join(directory, runFiles.metrics)
  const file = await readSmallFile(path, mostMetricsBytes)
  if (file.kind === 'missing')
    return files === undefined
      ? { value: { epochs: [], damagedLine: null }, problem: null }
      : { value: null, problem: `${runFiles.metrics} is missing` }
  if (file.kind === 'refused') return { value: null, problem: `${runFiles.metrics} ${file.reason}` }
  const unfitting =
    files === undefined ? null : unfittingFile(path, files, checksumOf(Buffer.from(file.text)))
  if (unfitting !== null) return { value: null, problem: reasonOf(unfitting) }
  const value = parseMetrics(file.text)
  const problem =
    value.damagedLine === null ? null : `${runFiles.metrics} is damaged in line ${value.damagedLine}`
  return { value, problem }
}

/** How far a run has come: a finished one's summary says it; of any other the metrics do. */
const progressOf = (
  summary: RunSummary | null,
  metrics: ReadMetrics | null,
): Pick<ListedRun, 'epochsDone' | 'lastAccuracy' | 'bestAccuracy'> => {
  const tests = (metrics?.epochs ?? []).flatMap(({ test }) => (test === null ? [] : [test.accuracy]))
  return {
    epochsDone: summary?.status === 'finished' ? summary.epochs : (metrics?.epochs.length ?? 0),
    lastAccuracy: summary?.testAccuracy ?? tests.at(-1) ?? null,
    bestAccuracy: summary?.bestTestAccuracy ?? (tests.length === 0 ? null : Math.max(...tests)),
  }
}

const stateOf = (summary: RunSummary | null, holder: LockHolder | null, problem: string | null): RunState => {
  if (holder !== null) return 'running'
  if (problem !== null) return 'damaged'
  return summary === null || summary.status === 'running' ? 'killed' : summary.status
}

/** A run that failed before it had a config; null where the summary is another program's. */
const listEarlyFailure = async (
  directory: string,
  names: readonly string[],
  name: string,
): Promise<ListedRun | null> => {
  const summary = await readEarlyFailure(directory)
  if (summary === null) return null
  const { sizeBytes, changedAt } = extentOf(directory, names)
  return {
    directory,
    name,
    state: 'failed',
    holder: null,
    problem: `it failed before it had a config.json: ${summary.error ?? 'nobody said why'}`,
    config: null,
    summary,
    ...progressOf(summary, null),
    sizeBytes,
    createdAt: null,
    changedAt,
  }
}

/**
 * Look at a directory.
 *
 * @param names of its files, as a list of the directory has them.
 * @param name under which it is listed.
 * @param calls for config and summary; a list of many runs says them.
 * @returns null when it is no run of LaPerm's: another program's `config.json` is none.
 */
export const readListedRun = async (
  directory: string,
  names: readonly string[],
  name: string,
  calls: FileCalls = threadCalls,
): Promise<ListedRun | null> => {
  const isTold = names.some((file) => tellingFiles.includes(file))
  if (!isTold && !names.includes(runFiles.config))
    return names.includes(runFiles.summary) ? listEarlyFailure(directory, names, name) : null
  const configPath = join(directory, runFiles.config)
  const config = await readAs<RunConfig>(configPath, mostConfigBytes, calls, parseConfig)
  if (!isTold && config.value === null && config.text?.includes('"laperm-run/') !== true) return null
  const summaryPath = join(directory, runFiles.summary)
  const summary = await readAs<RunSummary>(summaryPath, mostSummaryBytes, calls, parseSummary)
  const files = summary.value?.files
  const { sizes, sizeBytes, changedAt } = extentOf(directory, names)
  // Nobody works on a finished run, and its summary says how far it came.
  const isFinished = summary.value?.status === 'finished'
  const [holder, metrics] = isFinished
    ? [null, { value: null, problem: null }]
    : await Promise.all([readLockHolder(directory), readMetrics(directory, files)])
  // A run that is just being made has no summary yet; one that has ended has.
  const hasEnded = names.includes(runFiles.last) && !names.includes(runFiles.checkpoint)
  const isStarting = !names.includes(runFiles.summary) && !hasEnded
  const problem =
    config.problem ?? (isStarting ? null : summary.problem) ?? metrics.problem ?? wrongLength(sizes, files)
  return {
    directory,
    name,
    state: stateOf(summary.value, holder, problem),
    holder,
    problem,
    config: config.value,
    summary: summary.value,
    ...progressOf(summary.value, metrics.value),
    sizeBytes,
    createdAt: config.value?.createdAt ?? null,
    changedAt,
  }
}
