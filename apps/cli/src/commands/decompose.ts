/** `laperm decompose`: what of a network lies in the places of its weights, and what in their values (Section 5.3). */
import {
  type CommonProfileKind,
  commonProfile,
  commonProfileKinds,
  type DecompositionEnergy,
  decompose,
  valueMoments,
  weightProfile,
} from '@laperm/analysis'
import { valuesOfWeightVectors, weightVectorsOf } from '@laperm/core'
import { encodeSafetensors, type Tensor } from '@laperm/formats'
import { csvLines, nodeSha256 } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type Given } from '../command.ts'
import { engineNames } from '../engines.ts'
import { foreignFlags, foreignSettings } from '../evaluate-flags.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { excluding, needing } from '../flag-relations.ts'
import { dataFlags, integer, notWithJson, oneOf, outputFlags, text, toggle } from '../flags.ts'
import { formatShare } from '../format.ts'
import { endingProblem } from '../output-ending.ts'
import { hasVectors, type OpenTensors, openTensors } from '../read-tensors.ts'
import {
  measureSharedValues,
  type ScoredNetwork,
  savedToMeasure,
  scoreColumns,
} from '../shared-value-scores.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { type TextColumn, tableLines } from '../text-table.ts'
import { forceFlag, outputProblem, writeOutput } from '../write-output.ts'

const decomposeFlags = {
  theta: oneOf(
    'theta',
    commonProfileKinds,
    "shared values: mean (the layer's mean sorted vector, default), two, three, gaussian, uniform",
  ),
  out: text('<file>', 'write the network that has only the shared values in their places, as .safetensors'),
  evaluate: toggle(
    "measure on the test set how much accuracy the places alone keep; of another program's file with --model",
  ),
  seed: integer('of the control with places drawn at random (default: 0)', 0),
  engine: needing(oneOf('engine', engineNames, 'for --evaluate (default: the one that trained)'), 'evaluate'),
  threads: needing(integer('threads of the engine (default: those of the run)', 1), 'evaluate'),
  ...foreignFlags,
  model: needing(foreignFlags.model, 'evaluate'),
  flatten: needing(foreignFlags.flatten, 'model'),
  csv: excluding(toggle('print lines separated by commas'), notWithJson),
  force: needing(forceFlag, 'out'),
  ...dataFlags,
  ...outputFlags,
}

interface LayerParts {
  readonly layer: string
  readonly vectors: number
  readonly length: number
  readonly energy: DecompositionEnergy
}

interface Parts {
  readonly layers: readonly LayerParts[]
  /** The network of sigma_j(theta); null where nobody wants it. */
  readonly tensors: readonly Tensor[] | null
}

/** Take one layer after the other apart, so that one is in memory; with `--out` all are. */
const takeApart = async (
  { tensors }: OpenTensors,
  kind: CommonProfileKind,
  isWritten: boolean,
  terminal: Terminal,
): Promise<E.Either<Failure, Parts>> => {
  const layers: LayerParts[] = []
  const written: Tensor[] = []
  for (const tensor of tensors) {
    const { name, shape, neuronAxes } = tensor
    if (!hasVectors(tensor) && !isWritten) continue
    const read = await tensor.read()
    if (E.isLeft(read)) return read
    const values = read.right
    const isWhole = values.every(Number.isFinite)
    if (hasVectors(tensor) && !isWhole)
      terminal.err(`warning: ${name} holds NaN or infinities and stays as it is`)
    if (!hasVectors(tensor) || !isWhole) {
      if (isWritten) written.push({ name, shape, values })
      continue
    }
    terminal.note(`taking ${name} apart`)
    const w = weightVectorsOf(values, shape, neuronAxes)
    const { energy, located } = decompose(w, commonProfile(kind, weightProfile(w).mean, valueMoments(values)))
    layers.push({ layer: name, vectors: w.count, length: w.length, energy })
    if (isWritten) written.push({ name, shape, values: valuesOfWeightVectors(located, shape, neuronAxes) })
  }
  return E.right({ layers, tensors: isWritten ? written : null })
}

/** Rounding leaves a little of either sign where nothing is. */
const share = (part: number, { total }: DecompositionEnergy): string =>
  formatShare(Math.abs(part) < 1e-6 * total || total === 0 ? 0 : part / total)

const numbersOf = ({ layer, vectors, length, energy }: LayerParts) => ({ layer, vectors, length, ...energy })

const columns: readonly TextColumn<LayerParts>[] = [
  { title: 'layer', text: ({ layer }) => layer },
  { title: 'vectors', text: ({ vectors }) => String(vectors), isNumber: true, dropsAt: 2 },
  { title: 'length', text: ({ length }) => String(length), isNumber: true, dropsAt: 2 },
  { title: 'energy', text: ({ energy }) => energy.total.toPrecision(4), isNumber: true, dropsAt: 1 },
  { title: 'D1', text: ({ energy }) => share(energy.d1, energy), isNumber: true },
  { title: 'D2-theta', text: ({ energy }) => share(energy.d2Theta, energy), isNumber: true },
  { title: 'D2-delta', text: ({ energy }) => share(energy.d2Delta, energy), isNumber: true },
  {
    title: 'cross',
    text: ({ energy }) => share(energy.cross, energy),
    isNumber: true,
    dropsAt: 3,
  },
]

const decomposeFile = async (
  path: string,
  { flags, settings }: Given<typeof decomposeFlags>,
  terminal: Terminal,
): Promise<
  E.Either<Failure, { readonly parts: Parts; readonly scores: readonly ScoredNetwork[] | null }>
> => {
  const output =
    flags.out === undefined ? null : { flag: '--out', path: flags.out, force: flags.force ?? false }
  const problem =
    output === null ? null : (endingProblem(output, '.safetensors') ?? (await outputProblem(output)))
  if (problem !== null) return E.left(problem)
  const opened = await openTensors(path, flags)
  if (E.isLeft(opened)) return opened
  try {
    const saved = flags.evaluate === true ? await savedToMeasure(path, flags, settings, terminal) : null
    if (saved !== null && E.isLeft(saved)) return saved
    const parts = await takeApart(opened.right, flags.theta ?? 'mean', flags.out !== undefined, terminal)
    if (E.isLeft(parts)) return parts
    if (parts.right.layers.length === 0)
      return E.left(
        usageError(`${path} has no tensor of finite numbers with two axes or more, so no weight vectors.`),
      )
    if (output !== null) {
      const bytes = encodeSafetensors(parts.right.tensors ?? [], {}, { sha256: nodeSha256 })
      const failure = await writeOutput(output, [bytes])
      if (failure !== null) return E.left(failure)
    }
    if (saved === null) return E.right({ parts: parts.right, scores: null })
    return E.map((scores: readonly ScoredNetwork[]) => ({ parts: parts.right, scores }))(
      await measureSharedValues(saved.right, flags, terminal),
    )
  } finally {
    await opened.right.close()
  }
}

const runDecompose = async (
  path: string,
  given: Given<typeof decomposeFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { flags } = given
  const json = flags.json ?? false
  const done = await decomposeFile(path, given, terminal)
  if (E.isLeft(done)) return reportFailure(terminal, json, done.left)
  const { parts, scores } = done.right
  const layers = parts.layers.map(numbersOf)
  if (json)
    terminal.out(
      JSON.stringify({
        path,
        theta: flags.theta ?? 'mean',
        layers,
        ...(scores === null ? {} : { scores }),
        ...(flags.out === undefined ? {} : { out: flags.out }),
      }),
    )
  else if (flags.csv === true) {
    const rows =
      scores === null ? layers : scores.map(({ weights, accuracy, loss }) => ({ weights, accuracy, loss }))
    for (const line of csvLines(rows)) terminal.out(line)
  } else {
    for (const line of tableLines(parts.layers, columns, terminal.columns)) terminal.out(line)
    if (scores !== null) {
      terminal.out('')
      for (const line of tableLines(scores, scoreColumns, terminal.columns)) terminal.out(line)
    }
    if (flags.out !== undefined) for (const line of ['', flags.out]) terminal.out(line)
  }
  return exitCodes.done
}

export const decomposeCommand = defineCommand({
  name: 'decompose',
  summary: 'what a network keeps in the places of its weights, and what in their values',
  argument: {
    name: 'weights',
    isRequired: true,
    help: "a run's directory, a .laperm file, or a file of another program, as for profile",
  },
  flags: decomposeFlags,
  settingFlags: foreignSettings,
  notes: `
Examples
  $ laperm decompose runs/conv7-...                            shares of D1, D2-theta and D2-delta, a line a layer
  $ laperm decompose runs/conv7-... --evaluate                 and the accuracy that places alone keep
  $ laperm decompose model.safetensors --out places.safetensors    the network of sigma_j(theta)
  $ laperm decompose model.h5 --evaluate --model conv7 --dataset mnist

Section 5.3 writes each weight vector as w_j = sigma_j(theta) + delta_j: values theta that a layer's neurons share, put in order by sigma_j, and a rest. Of the
sum of squares of a layer's weights, D2-theta is what theta says of a weight whose place is not known (its mean), D1 what the places add, D2-delta the
rest. With --evaluate all kernels are replaced by sigma_j(theta), for several theta; as a control, the same values stand in orders drawn at random.
Biases and batch normalization stay as they were trained. With --csv --evaluate the accuracies are printed.`,
  run: (given, terminal) => runDecompose(given.argument ?? '', given, terminal),
})
