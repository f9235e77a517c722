/** What a person sees of a run while it is executed. */
import type { ExecutionOptions, Run } from '@laperm/runs'
import { type Experiment, modelNameOf, type RunPlan, renderPlanWarning } from '@laperm/train'
import type { Failure } from './failure.ts'
import type { OutputFlags } from './flags.ts'
import { formatCount, plural } from './format.ts'
import { makeTrainProgress } from './progress.ts'
import { makeRankingCost } from './ranking-cost.ts'
import { goOnHint } from './remedies.ts'
import type { Terminal } from './terminal.ts'

const trainingTitle = ({ model, dataset, engine }: Experiment): string =>
  `training ${modelNameOf(model)} on ${dataset} with engine ${engine}`

/** The step of the first synchronization that is made because k steps have passed; null where the optimizer makes none. */
const firstSyncStep = ({ outer }: Experiment): number | null => {
  if (outer.kind === 'none') return null
  const { syncPeriod } = outer
  // A later period begins to count where the one before has ended.
  return syncPeriod.kind === 'constant' ? syncPeriod.period : (syncPeriod.periods[0]?.period ?? null)
}

/** The step after which ranks are measured for the first time; null where they are not. */
const firstRankingStep = ({ experiment: { rankingDistance }, stepsPerEpoch }: RunPlan): number | null =>
  rankingDistance === null
    ? null
    : rankingDistance.every.count * (rankingDistance.every.kind === 'steps' ? 1 : stepsPerEpoch)

const startedLine = (directory: string, step: number): string =>
  `going on with ${directory} after step ${formatCount(step)}`

export interface RunWatch extends Pick<ExecutionOptions<Failure>, 'report' | 'observe' | 'signal'> {
  /** Call it at the end: a progress bar holds the terminal. */
  readonly stop: () => void
}

/** Warnings and progress on standard error, and notes for the case that the process dies without a word. */
export const watchRun = (
  flags: OutputFlags & { readonly keepWeights?: number },
  terminal: Terminal,
): RunWatch => {
  const quiet = flags.quiet === true
  const progress = quiet ? null : makeTrainProgress(terminal)
  const rankingCost = makeRankingCost(terminal.err)
  let run: Run | null = null
  return {
    signal: terminal.signal,
    report: (event) => {
      switch (event.kind) {
        case 'planned': {
          const { experiment, movable, totalSteps, warnings } = event.plan
          const firstSync = firstSyncStep(experiment)
          if (firstSync !== null && firstSync > totalSteps)
            terminal.err(
              `warning: the run has ${plural(totalSteps, 'step')}, fewer than k = ${formatCount(firstSync)}; weights are synchronized once only, because it ends`,
            )
          const { keepWeights } = flags
          if (keepWeights !== undefined && keepWeights > experiment.epochs)
            terminal.err(
              `warning: --keep-weights ${keepWeights} keeps nothing: the run has ${plural(experiment.epochs, 'epoch')}`,
            )
          const firstRanking = firstRankingStep(event.plan)
          if (firstRanking !== null && firstRanking > totalSteps)
            terminal.err(
              `warning: the run has ${plural(totalSteps, 'step')}, but ranks are measured after ${formatCount(firstRanking)}; no ranking distance is recorded`,
            )
          for (const warning of warnings) terminal.err(`warning: ${renderPlanWarning(warning)}`)
          if (movable !== null && movable.movable * 10 <= movable.vectors)
            terminal.err(
              `warning: in only ${formatCount(movable.movable)} of ${formatCount(movable.vectors)} weight vectors initial weights differ; nothing else can move`,
            )
          return
        }
        case 'compiling': {
          const hint = event.run === null ? '' : ` ${goOnHint(event.run.directory)}`
          terminal.note(`compiling for ${trainingTitle(event.experiment)}.${hint}`)
          return
        }
        case 'started':
          run = event.run
          if (event.how === 'restarted')
            terminal.err('no checkpoint had been written yet; the run starts over, with the same result')
          if (event.how === 'extended' && !quiet)
            terminal.err(
              `starting from a finished run of fewer epochs, after step ${formatCount(event.step)}`,
            )
          if (event.how === 'resumed' && !quiet) terminal.err(startedLine(run.directory, event.step))
          return
        case 'warning':
          terminal.err(`warning: ${event.message}`)
          return
        default:
          return event satisfies never
      }
    },
    observe: (event) => {
      progress?.update(event)
      if (run === null) return
      const { experiment } = run.config
      rankingCost(event, experiment)
      if (event.kind !== 'epochStart') return
      terminal.note(
        `${trainingTitle(experiment)}, in epoch ${event.epoch} of ${experiment.epochs}. ${goOnHint(run.directory)}`,
      )
    },
    stop: () => progress?.stop(),
  }
}
