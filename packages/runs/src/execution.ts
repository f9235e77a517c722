/** What executing a run takes and gives: the types of {@link executeRun} and {@link resumeExecution}. */
import type { RankInto } from '@laperm/core'
import type { Dataset } from '@laperm/data'
import type { Engine, SessionError } from '@laperm/engine'
import type {
  Experiment,
  RunPlan,
  StartBatches,
  TrainError,
  TrainObserver,
  TrainOutcome,
} from '@laperm/train'
import type { taskEither as TE } from 'fp-ts'
import type { DataFingerprint } from './data-fingerprint.ts'
import type { DataSource } from './run-config.ts'
import type { Run } from './run-directory.ts'
import type { RunEnvironment } from './run-environment.ts'
import type { RunError } from './run-errors.ts'
import type { RunSummary } from './run-summary.ts'
import type { StoredRuns } from './store/run-mirror.ts'

/** What happens before the first step, for whoever shows it. */
export type ExecutionEvent =
  /** Engine and data are there, and the experiment fits them. */
  | { readonly kind: 'planned'; readonly plan: RunPlan }
  /** The engine prepares the model; null where there is no directory yet. */
  | { readonly kind: 'compiling'; readonly experiment: Experiment; readonly run: Run | null }
  /** Training begins; the directory is made and locked. */
  | {
      readonly kind: 'started'
      readonly run: Run
      /**
       * `restarted`: an unfinished run without a checkpoint, which starts over with the same result. `extended`: a new run that starts from the
       * state of a finished one with fewer epochs.
       */
      readonly how: 'new' | 'resumed' | 'restarted' | 'extended'
      /** Steps taken before. */
      readonly step: number
    }
  /** Something that a person should know, as a sentence. */
  | { readonly kind: 'warning'; readonly message: string }

/** What every execution needs. `LoadFailure` is whatever the loaders fail with. */
export interface ExecutionOptions<LoadFailure> {
  /** Load the engine that the experiment names, for the experiment's threads. */
  readonly loadEngine: (experiment: Experiment) => TE.TaskEither<LoadFailure, Engine>
  /** Load the experiment's examples, limits applied. */
  readonly loadData: (experiment: Experiment, source: DataSource) => TE.TaskEither<LoadFailure, Dataset>
  /** Load what ranks weights, for runs that record ranking distances: see `RunContext.rankInto` of `@laperm/train`. Default: core. */
  readonly loadRankInto?: (() => Promise<RankInto | undefined>) | undefined
  /** Default: {@link fingerprintOf}; for whoever trains many runs on one data set, and remembers. */
  readonly fingerprint?: ((dataset: Dataset) => DataFingerprint) | undefined
  /** Default: {@link readEnvironment}, likewise. */
  readonly environmentOf?: ((engine: Engine) => Promise<RunEnvironment>) | undefined
  /** How batches are prepared. Default: `makeBatchSource` of `@laperm/data/node`, which augments on another thread. */
  readonly startBatches?: StartBatches | undefined
  /** What happens before the first step. */
  readonly report?: ((event: ExecutionEvent) => void) | undefined
  /** What training reports. */
  readonly observe?: TrainObserver | undefined
  /** Aborting it ends the run with status `interrupted`, after a checkpoint. */
  readonly signal?: AbortSignal | undefined
  /** Write an event file for TensorBoard; a run that has one goes on with it in any case. Default: false. */
  readonly tensorboard?: boolean | undefined
  /** Keep the state of a run that finishes, so that one of more epochs can start from it. Default: false. */
  readonly keepState?: boolean | undefined
  /** Keep the weights of every n-th epoch, right after its last synchronization; `readWeights` reads them. Default: of none. */
  readonly keepWeights?: number | undefined
  /** Least time between two checkpoints, in milliseconds. Default: a minute. */
  readonly checkpointEveryMs?: number | undefined
  /** Keep the run in a store, too, and go on from there where that is further. Default: it lives in its directory alone. */
  readonly stored?: StoredRuns | undefined
}

/** What {@link executeRun} needs beside the experiment. */
export interface ExecuteRunOptions<LoadFailure> extends ExecutionOptions<LoadFailure> {
  /** The run's own directory, new, empty or that of the same run; null finds or makes one below `parent`. */
  readonly directory: string | null
  readonly parent: string
  readonly source: DataSource
  /** For `config.json`: the command, quoted for a shell, without secrets. */
  readonly commandLine?: string | null | undefined
  /** Train in a new directory below `parent` whatever is there. */
  readonly again?: boolean | undefined
  /** Go on with a run that failed, from its last checkpoint. Default: it is an error. */
  readonly retryFailed?: boolean | undefined
}

/** What came of it. */
export type ExecuteRunResult =
  /** A run of this identity had finished: nothing was trained. */
  | { readonly kind: 'alreadyFinished'; readonly run: Run; readonly summary: RunSummary }
  /** Trained now, at least the last part: to the end, to an interruption or a divergence. */
  | {
      readonly kind: 'trained'
      readonly run: Run
      readonly summary: RunSummary
      readonly outcome: TrainOutcome
    }

/** A run of this identity has diverged or failed before. Diverging is exact: it would diverge again. */
export interface RunEndedBadly {
  readonly _tag: 'RunEndedBadly'
  readonly status: 'diverged' | 'failed'
  readonly summary: RunSummary
  readonly runDirectory: string
}

/** The engine failed while it compiled or trained; a run that has a directory can be gone on with. */
export type SessionFailure = SessionError & { readonly runDirectory: string | null }

/** Something broke while a run was under way: a full disk, an observer that threw. */
export interface RunFailed {
  readonly _tag: 'RunFailed'
  readonly message: string
  readonly runDirectory: string
  /** What the run's summary says now: `running` where no new one could be written, `removed` where its directory is gone. */
  readonly status: 'failed' | 'running' | 'removed'
  /** Whether a file of the run could not be written. */
  readonly isWriting: boolean
}

/** Everything that executing a run can fail with, beside what the loaders fail with. */
export type ExecuteRunError = RunError | TrainError | SessionFailure | RunEndedBadly | RunFailed
