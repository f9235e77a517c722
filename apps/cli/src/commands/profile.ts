/** `laperm profile`: how alike a network's sorted weight vectors are (Section 2 of the paper), in numbers and as figures. */
import { type LayerProfile, profileCurves, profileLayer } from '@laperm/analysis'
import { type ProfilePanel, profileDepth, profilePanels } from '@laperm/figures'
import { csvLines } from '@laperm/runs'
import { namedLayers } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { initialWeightsFlag } from '../evaluate-flags.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { excluding, needing } from '../flag-relations.ts'
import { integer, notWithJson, oneOf, outputFlags, text, toggle } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { axisOrders, hasVectors, type OpenTensors, openTensors, readVectors } from '../read-tensors.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { type TextColumn, tableLines } from '../text-table.ts'
import { figureFlags, figureProblem, writeFigures } from '../write-figure.ts'

const profileFlags = {
  columns: needing(
    integer(
      'panels in a row of the picture (default: 4, of one layer 2; for one column of a paper 2, of one layer 1)',
      1,
    ),
    'svg',
    'png',
  ),
  layer: text('<name>', 'only this layer: dense1, or one tensor of it by its whole name'),
  initialWeights: initialWeightsFlag,
  axes: oneOf(
    'axis order',
    axisOrders,
    'keras (neuron last) or pytorch (neuron first); default: what the file says, else keras',
  ),
  seed: integer('of the controls (default: 0)', 0),
  csv: excluding(toggle('print a line a layer, separated by commas'), notWithJson),
  ...figureFlags('the sorted vectors of every layer (Figure 2); with --layer, one layer in depth (Figure 1)'),
  ...outputFlags,
}

/** A layer's numbers, flat. */
const numbersOf = ({ name, length, vectors, vectorsLeftOut, moments, profile, controls }: LayerProfile) => ({
  layer: name,
  vectors,
  length,
  vectorsLeftOut,
  similarity: profile.similarity,
  similarityShuffled: controls.shuffled,
  similarityGaussian: controls.gaussian,
  mean: moments.mean,
  standardDeviation: moments.standardDeviation,
  skewness: moments.skewness,
  min: moments.min,
  max: moments.max,
  zeros: moments.zeros,
})

const columns: readonly TextColumn<LayerProfile>[] = [
  { title: 'layer', text: ({ name }) => name },
  { title: 'vectors', text: ({ vectors }) => formatCount(vectors), isNumber: true },
  { title: 'length', text: ({ length }) => formatCount(length), isNumber: true },
  { title: 'R\u00b2', text: ({ profile }) => profile.similarity.toFixed(4), isNumber: true },
  { title: 'shuffled', text: ({ controls }) => controls.shuffled.toFixed(4), isNumber: true },
  { title: 'gaussian', text: ({ controls }) => controls.gaussian.toFixed(4), isNumber: true, dropsAt: 1 },
  { title: 'mean', text: ({ moments }) => moments.mean.toExponential(2), isNumber: true, dropsAt: 4 },
  {
    title: 'SD',
    text: ({ moments }) => moments.standardDeviation.toExponential(2),
    isNumber: true,
    dropsAt: 3,
  },
  { title: 'skew', text: ({ moments }) => moments.skewness.toFixed(2), isNumber: true, dropsAt: 5 },
  { title: 'zeros', text: ({ moments }) => formatShare(moments.zeros), isNumber: true, dropsAt: 2 },
]

/** A panel a layer: the layers that were asked for are read one after the other. */
const readPanels = async (
  { tensors }: OpenTensors,
  names: readonly string[],
  seed: number,
  note: (line: string) => void,
): Promise<E.Either<Failure, readonly ProfilePanel[]>> => {
  const panels: ProfilePanel[] = []
  for (const tensor of tensors) {
    if (!names.includes(tensor.name)) continue
    note(`profiling ${tensor.name}`)
    const w = await readVectors(tensor)
    if (E.isLeft(w)) return w
    panels.push({ layer: profileLayer(tensor.name, w.right, seed), curves: profileCurves(w.right) })
  }
  return E.right(panels)
}

const runProfile = async (
  path: string,
  flags: FlagValues<typeof profileFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const opened = await openTensors(path, flags)
  if (E.isLeft(opened)) return reportFailure(terminal, flags.json ?? false, opened.left)
  try {
    return await profileTensors(path, opened.right, flags, terminal)
  } finally {
    await opened.right.close()
  }
}

const profileTensors = async (
  path: string,
  file: OpenTensors,
  flags: FlagValues<typeof profileFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const problem = await figureProblem(flags)
  if (problem !== null) return reportFailure(terminal, json, problem)
  const known = file.tensors.filter(hasVectors)
  if (known.length === 0)
    return reportFailure(
      terminal,
      json,
      usageError(`${path} has no tensor with two axes or more, so no weight vectors to compare.`),
    )
  const names =
    flags.layer === undefined ? E.right(known.map(({ name }) => name)) : namedLayers(flags.layer, known)
  if (E.isLeft(names)) return reportFailure(terminal, json, names.left)
  for (const name of file.leftOut) terminal.note(`left out: ${name} is no floating number`)
  const read = await readPanels(file, names.right, flags.seed ?? 0, terminal.note)
  if (E.isLeft(read)) return reportFailure(terminal, json, read.left)
  const panels = read.right
  const profiles = panels.map(({ layer }) => layer)
  for (const { name, vectorsLeftOut } of profiles)
    if (vectorsLeftOut > 0)
      terminal.err(
        `warning: ${name}: ${formatCount(vectorsLeftOut)} vectors hold NaN or infinities and were left out`,
      )
  const [first] = panels
  const pictures = await writeFigures(
    () =>
      flags.layer === undefined || panels.length !== 1 || first === undefined
        ? profilePanels(path, panels, flags.columns)
        : profileDepth(first.layer, first.curves, flags.columns === 1 ? 1 : 2),
    flags,
  )
  if (E.isLeft(pictures)) return reportFailure(terminal, json, pictures.left)
  if (json) terminal.out(JSON.stringify({ path, format: file.format, layers: profiles.map(numbersOf) }))
  else if (flags.csv === true) {
    for (const line of csvLines(profiles.map(numbersOf))) terminal.out(line)
  } else {
    for (const line of tableLines(profiles, columns, terminal.columns)) terminal.out(line)
    for (const line of pictures.right.flatMap((path) => ['', path])) terminal.out(line)
  }
  return exitCodes.done
}

export const profile = defineCommand({
  name: 'profile',
  summary: "how alike a network's sorted weight vectors are, in numbers and as figures",
  argument: {
    name: 'weights',
    isRequired: true,
    help: "a run's directory, a .laperm file, or a file of another program: .safetensors, .h5, .keras, model.json of tfjs, .onnx, .npz",
  },
  flags: profileFlags,
  notes: `
Examples
  $ laperm profile runs/conv7-...                               a line a layer
  $ laperm profile model.safetensors --svg profiles.svg         every layer's sorted vectors, overlaid (Figure 2)
  $ laperm profile model.h5 --png profiles.png --columns 2      the same as PNG, for one column of a paper
  $ laperm profile runs/mlp-... --layer dense1 --svg dense1.svg    one layer as in Figure 1

R\u00b2 is the share of the variance of a layer's weights that its mean sorted vector explains: 1 when all vectors hold the same values. Draws from one
distribution are alike by themselves, so read it beside its controls: the layer's weights dealt out at random to its vectors, and normal numbers with
the layer's mean and deviation.`,
  run: ({ argument = '', flags }, terminal) => runProfile(argument, flags, terminal),
})
