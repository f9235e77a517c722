/** `laperm trace`: where training has moved a run's weights (Figure 4), in numbers, over the epochs that were kept, and as a picture. */
import { type LayerTrace, layerMoves, traceLayer } from '@laperm/analysis'
import { type Params, type WeightVectors, weightVectorsOf } from '@laperm/core'
import { reconnectionFigure, type Scene } from '@laperm/figures'
import { csvLines, keptEpochs, openRun, type Run, readWeights } from '@laperm/runs'
import { layerOfParameter, makeInitialParams, namedLayers, permutedRolesOf } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { excluding, needing } from '../flag-relations.ts'
import { integer, notWithJson, oneOf, outputFlags, text, toggle } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { runPath } from '../named-run.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { type TextColumn, tableLines } from '../text-table.ts'
import { figureFlags, figureProblem, writeFigures } from '../write-figure.ts'

const traceFlags = {
  weights: oneOf('weights', ['best', 'last'], 'best or last (default: last)'),
  layer: text('<name>', 'only this layer; of the picture: its vector (default: the first layer)'),
  neuron: needing(
    integer('whose weight vector is drawn, from 0 (default: the one that moved most)', 0),
    'svg',
    'png',
  ),
  arrows: needing(integer('weights that are followed in the picture (default: 24)', 0), 'svg', 'png'),
  csv: excluding(toggle('print a line a layer and epoch, separated by commas'), notWithJson),
  ...figureFlags('one weight vector before and after training (Figure 4)'),
  ...outputFlags,
}
type TraceFlags = FlagValues<typeof traceFlags>

interface TracedLayer extends LayerTrace {
  readonly layer: string
}

/** A state of the run: its layers, each against theta_0. */
interface TracedState {
  /** Null: the weights that were named. */
  readonly epoch: number | null
  readonly layers: readonly TracedLayer[]
}

interface Trace {
  readonly states: readonly TracedState[]
  readonly initial: Params
  readonly params: Params
  /** Layers that are traced. */
  readonly names: readonly string[]
}

const vectorsOf = (params: Params, name: string): WeightVectors => {
  const found = params.find((param) => param.name === name)
  if (found === undefined) throw new TypeError(`${name} is a parameter of the run`)
  return weightVectorsOf(found.values, found.shape)
}

const traceAgainst = (
  initial: Params,
  params: Params,
  names: readonly string[],
  epoch: number | null,
): TracedState => ({
  epoch,
  layers: names.map((layer) => ({
    layer,
    ...traceLayer(vectorsOf(initial, layer), vectorsOf(params, layer)),
  })),
})

/** The layers that a run permutes, or would: those that were asked for. */
const layersOf = (
  run: Run,
  params: Params,
  layer: string | undefined,
): E.Either<Failure, readonly string[]> => {
  const roles = permutedRolesOf(run.config.experiment)
  const known = params
    .filter(({ role }) => roles.includes(role))
    .map(({ name }) => ({ name, layer: layerOfParameter(name) }))
  return layer === undefined ? E.right(known.map(({ name }) => name)) : namedLayers(layer, known)
}

const traceRun = async (
  directory: string,
  flags: TraceFlags,
  note: Terminal['note'],
): Promise<E.Either<Failure, Trace>> => {
  const opened = await openRun(runPath(directory))()
  if (E.isLeft(opened)) return opened
  const run = opened.right
  const last = await readWeights(run, flags.weights ?? 'last')()
  if (E.isLeft(last)) return last
  const initial = makeInitialParams(run.config.experiment)
  if (E.isLeft(initial)) return initial
  const names = layersOf(run, last.right, flags.layer)
  if (E.isLeft(names)) return names
  const states: TracedState[] = []
  for (const epoch of await keptEpochs(run)) {
    note(`tracing epoch ${epoch}`)
    const params = await readWeights(run, epoch)()
    if (E.isLeft(params)) return params
    states.push(traceAgainst(initial.right, params.right, names.right, epoch))
  }
  states.push(traceAgainst(initial.right, last.right, names.right, null))
  return E.right({ states, initial: initial.right, params: last.right, names: names.right })
}

/** The vector of which most weights have moved; of several the first. */
const mostMoved = (sources: Uint32Array, { length, count }: WeightVectors): number => {
  let [neuron, most] = [0, -1]
  for (let j = 0; j < count; j++) {
    let moved = 0
    for (let i = 0; i < length; i++) if (sources[i * count + j] !== i) moved++
    if (moved > most) [neuron, most] = [j, moved]
  }
  return neuron
}

const drawVector = (
  { initial, params, names: [name = ''] }: Trace,
  flags: TraceFlags,
): E.Either<Failure, Scene> => {
  const [before, after] = [vectorsOf(initial, name), vectorsOf(params, name)]
  const { sources } = layerMoves(before, after).permutation
  const neuron = flags.neuron ?? mostMoved(sources, before)
  if (neuron >= before.count)
    return E.left(
      usageError(
        `--neuron is ${neuron}, but ${name} has ${before.count} neurons, from 0 to ${before.count - 1}.`,
      ),
    )
  const column = (matrix: Float32Array | Uint32Array): readonly number[] =>
    Array.from({ length: before.length }, (_, i) => matrix[i * before.count + neuron] ?? 0)
  return E.right(
    reconnectionFigure(
      {
        name: `${name}, neuron ${neuron}`,
        before: column(before.values),
        after: column(after.values),
        sources: column(sources),
      },
      flags.arrows ?? 24,
    ),
  )
}

const movedShare = ({ moved, length, vectors }: LayerTrace): number => moved / Math.max(1, length * vectors)

const columns: readonly TextColumn<TracedLayer>[] = [
  { title: 'layer', text: ({ layer }) => layer },
  { title: 'vectors', text: ({ vectors }) => formatCount(vectors), isNumber: true, dropsAt: 3 },
  { title: 'length', text: ({ length }) => formatCount(length), isNumber: true, dropsAt: 2 },
  { title: 'moved', text: (trace) => formatShare(movedShare(trace)), isNumber: true },
  { title: 'mean way', text: ({ meanDistance }) => formatShare(meanDistance), isNumber: true },
  { title: '0 to w', text: ({ zeroToNonZero }) => formatCount(zeroToNonZero), isNumber: true },
  { title: 'w to 0', text: ({ nonZeroToZero }) => formatCount(nonZeroToZero), isNumber: true, dropsAt: 1 },
  { title: 'cycles', text: ({ cycles }) => formatCount(cycles), isNumber: true },
  { title: 'longest', text: ({ longestCycle }) => formatCount(longestCycle), isNumber: true, dropsAt: 1 },
]

/** A state in one line: all its layers together. */
const stateColumns: readonly TextColumn<TracedState>[] = [
  { title: 'epoch', text: ({ epoch }) => (epoch === null ? 'these' : String(epoch)), isNumber: true },
  {
    title: 'moved',
    text: ({ layers }) => {
      const weights = layers.reduce((sum, { length, vectors }) => sum + length * vectors, 0)
      return formatShare(layers.reduce((sum, { moved }) => sum + moved, 0) / Math.max(1, weights))
    },
    isNumber: true,
  },
  {
    title: 'mean way',
    text: ({ layers }) => {
      const weights = layers.reduce((sum, { length, vectors }) => sum + length * vectors, 0)
      const way = layers.reduce((sum, one) => sum + one.meanDistance * one.length * one.vectors, 0)
      return formatShare(way / Math.max(1, weights))
    },
    isNumber: true,
  },
  {
    title: '0 to w',
    text: ({ layers }) => formatCount(layers.reduce((sum, one) => sum + one.zeroToNonZero, 0)),
    isNumber: true,
  },
  {
    title: 'cycles',
    text: ({ layers }) => formatCount(layers.reduce((sum, one) => sum + one.cycles, 0)),
    isNumber: true,
  },
]

const print = ({ states }: Trace, terminal: Terminal): void => {
  const layers = states.at(-1)?.layers ?? []
  for (const line of tableLines(layers, columns, terminal.columns)) terminal.out(line)
  if (layers.some(({ isPermutation }) => !isPermutation))
    for (const line of ['', 'not a permutation of the initial weights: weights are followed by their ranks'])
      terminal.out(line)
  if (states.length < 2) return
  for (const line of ['', 'over time, all layers together']) terminal.out(line)
  for (const line of tableLines(states, stateColumns, terminal.columns)) terminal.out(line)
}

const runTrace = async (directory: string, flags: TraceFlags, terminal: Terminal): Promise<ExitCode> => {
  const json = flags.json ?? false
  const problem = await figureProblem(flags)
  if (problem !== null) return reportFailure(terminal, json, problem)
  const traced = await traceRun(directory, flags, terminal.note)
  if (E.isLeft(traced)) return reportFailure(terminal, json, traced.left)
  const scene = drawVector(traced.right, flags)
  if (E.isLeft(scene)) return reportFailure(terminal, json, scene.left)
  const pictures = await writeFigures(() => scene.right, flags)
  if (E.isLeft(pictures)) return reportFailure(terminal, json, pictures.left)
  const { states } = traced.right
  if (json) terminal.out(JSON.stringify({ directory, states, pictures: pictures.right }))
  else if (flags.csv === true) {
    const rows = states.flatMap(({ epoch, layers }) => layers.map((layer) => ({ epoch, ...layer })))
    for (const line of csvLines(rows)) terminal.out(line)
  } else {
    print(traced.right, terminal)
    for (const line of pictures.right.flatMap((path) => ['', path])) terminal.out(line)
  }
  return exitCodes.done
}

export const trace = defineCommand({
  name: 'trace',
  summary: "where training has moved a run's weights, in numbers and as a picture",
  argument: { name: 'run', isRequired: true, help: "the run's directory" },
  flags: traceFlags,
  notes: `
Examples
  $ laperm trace runs/conv7-...                                  a line a layer
  $ laperm trace runs/mlp-... --layer dense1 --png dense1.png    one weight vector before and after, with arrows (Figure 4)
  $ laperm train mlp --keep-weights 5                            a run that also shows how it went, every 5 epochs

Initial weights are drawn again from the seed. 'moved' are weights in another place of their vector, 'mean way' is how far weights are from where they were, in
shares of the vector's length; '0 to w' are places that held zero and hold none now. A permutation is made of cycles: places that pass a weight on in a ring.
Where values tie, those that stand where they stood count as unmoved.`,
  run: ({ argument = '', flags }, terminal) => runTrace(argument, flags, terminal),
})
