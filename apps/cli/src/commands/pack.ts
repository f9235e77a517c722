/** `laperm pack`: a run's weights as a `.laperm` file, which names the initial weights and holds where training moved them. */
import { basename, extname } from 'node:path'
import { packWeights, renderNotAnArrangement, renderOtherTensors } from '@laperm/formats'
import { nodeSha256, openRun, readWeights } from '@laperm/runs'
import { packNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { excluding } from '../flag-relations.ts'
import { oneOf, outputFlags, text } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { runPath } from '../named-run.ts'
import { endingProblem } from '../output-ending.ts'
import { packedEnding } from '../packed-file.ts'
import { readAllTensors } from '../read-tensors.ts'
import { shellWord } from '../shell-word.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { forceFlag, outputProblem, writeOutput } from '../write-output.ts'

const packFlags = {
  initialWeights: text('<file>', 'pack a file of any program against the weights that it was trained from'),
  weights: excluding(oneOf('weights', ['best', 'last'], 'best or last (default: best)'), {
    initialWeights: 'the file itself holds what is packed',
  }),
  out: text('<file>', "the new file (default: the run's name and .laperm, in the current directory)"),
  force: forceFlag,
  ...outputFlags,
}

interface Packed {
  readonly path: string
  readonly bytes: number
  readonly weights: number
}

/** Pack weights of another program. */
const packForeign = async (
  trainedPath: string,
  initialPath: string,
  flags: FlagValues<typeof packFlags>,
): Promise<E.Either<Failure, Packed>> => {
  const path = flags.out ?? `${basename(trainedPath, extname(trainedPath))}${packedEnding}`
  const output = { flag: '--out', path, force: flags.force ?? false }
  const problem = endingProblem(output, packedEnding) ?? (await outputProblem(output))
  if (problem !== null) return E.left(problem)
  const initial = await readAllTensors(initialPath)
  if (E.isLeft(initial)) return initial
  const trained = await readAllTensors(trainedPath)
  if (E.isLeft(trained)) return trained
  const packed = packWeights(initial.right, trained.right, { sha256: nodeSha256 })
  if (E.isLeft(packed))
    return E.left(usageError(`${initialPath} and ${trainedPath}: ${renderOtherTensors(packed.left)}`))
  const failure = await writeOutput(output, [packed.right])
  if (failure !== null) return E.left(failure)
  const weights = trained.right.reduce((sum, { values }) => sum + values.length, 0)
  return E.right({ path, bytes: packed.right.length, weights })
}

const packRun = async (
  directory: string,
  flags: FlagValues<typeof packFlags>,
): Promise<E.Either<Failure, Packed>> => {
  const run = await openRun(runPath(directory))()
  if (E.isLeft(run)) return run
  const path = flags.out ?? `${basename(run.right.directory)}${packedEnding}`
  const output = { flag: '--out', path, force: flags.force ?? false }
  const problem = endingProblem(output, packedEnding) ?? (await outputProblem(output))
  if (problem !== null) return E.left(problem)
  const params = await readWeights(run.right, flags.weights ?? 'best')()
  if (E.isLeft(params)) return params
  const packed = packNetwork(run.right.config.experiment, params.right, { sha256: nodeSha256 })
  if (E.isLeft(packed))
    return packed.left._tag === 'NotAnArrangement'
      ? E.left(usageError(`${run.right.directory}: ${renderNotAnArrangement(packed.left)}`))
      : E.left(packed.left)
  const failure = await writeOutput(output, [packed.right])
  if (failure !== null) return E.left(failure)
  const weights = params.right.reduce((sum, { values }) => sum + values.length, 0)
  return E.right({ path, bytes: packed.right.length, weights })
}

const runPack = async (
  directory: string,
  flags: FlagValues<typeof packFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const packed = await (flags.initialWeights === undefined
    ? packRun(directory, flags)
    : packForeign(directory, flags.initialWeights, flags))
  if (E.isLeft(packed)) return reportFailure(terminal, json, packed.left)
  const { path, bytes, weights } = packed.right
  if (json) terminal.out(JSON.stringify({ path, bytes, weights, float32Bytes: 4 * weights }))
  else {
    terminal.out(
      `${path}: ${formatCount(weights)} weights in ${formatCount(bytes)} bytes, ${formatShare(bytes / (4 * weights))} of float32, without loss`,
    )
    terminal.out(
      flags.initialWeights === undefined
        ? `  laperm evaluate ${shellWord(path)}   measures it; laperm unpack ${shellWord(path)} gives .safetensors`
        : `  laperm unpack ${shellWord(path)} --initial-weights ${shellWord(flags.initialWeights)}   gives .safetensors`,
    )
  }
  return exitCodes.done
}

export const packCommand = defineCommand({
  name: 'pack',
  summary: "a run's weights as a tiny exact file: seed + shuffle",
  argument: {
    name: 'run',
    isRequired: true,
    help: "the run's directory; with --initial-weights a file of weights",
  },
  flags: packFlags,
  notes: `
Examples
  $ laperm pack runs/conv7-...                     writes conv7-....laperm: about a quarter of the weights as float32
  $ laperm pack runs/f1-... --out f1.laperm        one shared value, 40% pruned: less than a bit a weight
  $ laperm pack trained.safetensors --initial-weights start.safetensors    of another program: with the hash of where it started

The file holds the experiment, from whose seed the initial weights are drawn again, and for each weight vector in which order they stand; parameters that are
trained freely are in it as float32. docs/laperm-format.md describes it for other programs.`,
  run: ({ argument = '', flags }, terminal) => runPack(argument, flags, terminal),
})
