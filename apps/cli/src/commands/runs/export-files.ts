/** Exports that write a file a run: weights for numpy, event files for TensorBoard. */
import { join } from 'node:path'
import { type Tensor, toTensors } from '@laperm/formats'
import { encodeNpz } from '@laperm/formats/npz'
import { eventFileName, eventsOfRun, type ListedRun, openRun, readMetrics, readWeights } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { type Failure, renderFailure } from '../../failure.ts'
import { endingProblem } from '../../output-ending.ts'
import type { Terminal } from '../../terminal.ts'
import { makeOutputDirectory, type Output, outputProblem, writeOutput } from '../../write-output.ts'

/** A name below the listed directory as that of one file. */
const plainName = ({ name }: ListedRun): string => name.replaceAll(/[/\\]/g, '__')

/** The first of several places that cannot be written: nothing is written where one cannot be. */
const firstProblem = async (outputs: readonly Output[]): Promise<Failure | null> => {
  for (const output of outputs) {
    const problem = await outputProblem(output)
    if (problem !== null) return problem
  }
  return null
}

/** The best and the last weights of a run, as far as it has them, called `best/<parameter>` and `last/<parameter>`. */
const weightsOf = async ({ directory }: ListedRun): Promise<E.Either<Failure, readonly Tensor[]>> => {
  const opened = await openRun(directory)()
  if (E.isLeft(opened)) return opened
  const tensors: Tensor[] = []
  for (const which of ['best', 'last'] as const) {
    const weights = await readWeights(opened.right, which)()
    if (E.isRight(weights)) tensors.push(...toTensors(weights.right, `${which}/`))
    // A run that has not ended has no last weights yet, and before a synchronization no best ones.
    else if (weights.left._tag === 'CorruptFile') return weights
  }
  return E.right(tensors)
}

/**
 * One file for one run; of several a file each, in a directory. Runs without weights are said and left out.
 *
 * @returns how many runs have been written.
 */
export const exportWeights = async (
  runs: readonly ListedRun[],
  output: Output,
  terminal: Terminal,
): Promise<E.Either<Failure, number>> => {
  const [only, ...others] = runs
  const places = runs.map((run) =>
    run === only && others.length === 0
      ? output
      : { ...output, path: join(output.path, `${plainName(run)}.npz`) },
  )
  const problem =
    others.length === 0 ? endingProblem(output, '.npz') : await makeOutputDirectory(output.flag, output.path)
  const first = problem ?? (await firstProblem(places))
  if (first !== null) return E.left(first)
  let exported = 0
  for (const [index, run] of runs.entries()) {
    const weights = await weightsOf(run)
    if (E.isLeft(weights)) terminal.err(`left out: ${run.name}: ${renderFailure(weights.left)}`)
    else if (weights.right.length === 0) terminal.err(`left out: ${run.name}: it has no weights yet`)
    else {
      const failure = await writeOutput(places[index] ?? output, [encodeNpz(weights.right)])
      if (failure !== null) return E.left(failure)
      exported++
    }
  }
  return E.right(exported)
}

/** An event file a run, each in a directory with the run's name, as TensorBoard shows them. @returns how many. */
export const exportEvents = async (
  runs: readonly ListedRun[],
  output: Output,
  terminal: Terminal,
): Promise<E.Either<Failure, number>> => {
  const directories = runs.map((run) => join(output.path, plainName(run)))
  const places = directories.map((directory) => ({ ...output, path: join(directory, eventFileName) }))
  const problem = await firstProblem(places)
  if (problem !== null) return E.left(problem)
  let exported = 0
  for (const [index, run] of runs.entries()) {
    const metrics = await readMetrics(run.directory, run.summary?.files)
    if (metrics.value === null) {
      terminal.err(`left out: ${run.name}: ${metrics.problem ?? 'its metrics cannot be read'}`)
      continue
    }
    const place = places[index] ?? output
    const refused = await makeOutputDirectory(output.flag, directories[index] ?? output.path)
    if (refused !== null) return E.left(refused)
    const events = await eventsOfRun(run.directory)()
    if (E.isLeft(events)) return events
    const failure = await writeOutput(place, [events.right])
    if (failure !== null) return E.left(failure)
    exported++
  }
  return E.right(exported)
}
