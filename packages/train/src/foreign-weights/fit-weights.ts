/**
 * A file of any program into a model: layers go by their order, kind and shape.
 *
 * A layer of the model takes the first layer of the file that is not taken yet, has its kind and, in our order of axes, its shape. So the shortcuts of residual layers may
 * come anywhere, and files that sort their layers by name fit as long as equal shapes keep their order.
 */
import type { Params } from '@laperm/core'
import { type CorruptFile, FileRefusal, type StoredTensor } from '@laperm/formats'
import type { InferredModel } from '@laperm/models'
import { either as E, type taskEither as TE } from 'fp-ts'
import { type Assignment, type Fitting, fitLayer, shapeText } from './fit-layer.ts'
import { type ForeignLayer, foreignLayers } from './foreign-layers.ts'
import { ourAxes } from './kernel-order.ts'
import { type ModelPlace, modelPlaces } from './model-places.ts'

/** A model's parameters out of a file. */
export interface WeightsFit {
  readonly params: Params
  readonly assignments: readonly Assignment[]
  /** What was accepted and should be known. */
  readonly notes: readonly string[]
}

/** A file whose weights are not the model's: every place where it does not fit. */
export interface WeightsMisfit {
  readonly _tag: 'WeightsMisfit'
  readonly path: string
  readonly model: string
  readonly problems: readonly string[]
}

/** How an image is laid flat before a dense layer. `auto`: channels first where convolutions have their neurons first. */
export const flattenOrders = ['auto', 'channels-last', 'channels-first'] as const
/** One of {@link flattenOrders}. */
export type FlattenOrder = (typeof flattenOrders)[number]

/** A kernel's shape in our order. */
const ourShape = ({ shape, neuronAxes }: StoredTensor): readonly number[] =>
  ourAxes(shape.length, neuronAxes[0]).map((axis) => shape[axis])

/** The tensor by whose shape a layer is known. */
const mainTensor = ({ roles }: ForeignLayer): StoredTensor | undefined =>
  roles.get('kernel') ?? roles.get('movingMean') ?? roles.get('gamma')

const mainShape = (layer: ForeignLayer): readonly number[] => {
  const tensor = mainTensor(layer)
  return tensor === undefined ? [] : tensor.role === 'kernel' ? ourShape(tensor) : tensor.shape
}

/** The places of a model with the layers of a file that go there; `rest` are those that go nowhere. */
const pair = (places: readonly ModelPlace[], layers: readonly ForeignLayer[]) => {
  const rest = [...layers]
  const pairs = places.map((place) => {
    const wanted = place.parameters[0].shape.join()
    const at = rest.findIndex((layer) => layer.kind === place.kind && mainShape(layer).join() === wanted)
    return { place, layer: at === -1 ? null : rest.splice(at, 1)[0] }
  })
  return { pairs, rest }
}

const kinds: Partial<Record<ModelPlace['kind'], string>> = {
  conv2d: 'convolution',
  dense: 'dense layer',
  batchNorm: 'batch normalization',
}

/** Why a place of the model stays empty: what the file would have had next. */
const emptyPlace = ({ kind, parameters }: ModelPlace, rest: readonly ForeignLayer[]): string => {
  const next = rest.find((layer) => layer.kind === kind)
  const [{ name, shape }] = parameters
  return `${name} ${shapeText(shape)}: the file has no ${kinds[kind] ?? `${kind} layer`} of this shape left${next === undefined ? '' : `; its next one is '${mainTensor(next)?.name}' ${shapeText(mainShape(next))}`}`
}

const isChannelsFirstConv = ({ kind, roles }: ForeignLayer): boolean =>
  kind === 'conv2d' && roles.get('kernel')?.neuronAxes[0] === 0

/** @throws FileRefusal */
const fitAll = async (
  model: InferredModel,
  layers: readonly ForeignLayer[],
  fitting: Fitting,
): Promise<void> => {
  const { problems } = fitting
  const { pairs, rest } = pair(modelPlaces(model), layers)
  for (const { place, layer } of pairs)
    if (layer === null) problems.push(emptyPlace(place, rest))
    else await fitLayer(place, layer, fitting)
  for (const { others } of layers)
    for (const { name, shape } of others)
      problems.push(`'${name}' ${shapeText(shape)}: neither the file nor its name says what it is for`)
  for (const { roles } of rest)
    for (const { name, shape } of roles.values())
      problems.push(`'${name}' ${shapeText(shape)}: the model has no place left for it`)
}

/**
 * Fit a file's tensors into a model, reading one after the other.
 *
 * A bias that the model has not is accepted where it is all zeros; one that the file has not is zeros, and so is beta, gamma is ones. All of it is said.
 *
 * @param path names the file in errors.
 * @returns the parameters in the model's order, with a line for each; `Left(WeightsMisfit)` with every place that does not fit, or what reading said.
 */
export const fitWeights =
  (
    path: string,
    model: InferredModel,
    tensors: readonly StoredTensor[],
    flattenOrder: FlattenOrder = 'auto',
  ): TE.TaskEither<CorruptFile | WeightsMisfit, WeightsFit> =>
  async () => {
    const layers = foreignLayers(tensors)
    const isChannelsFirst =
      flattenOrder === 'auto' ? layers.some(isChannelsFirstConv) : flattenOrder === 'channels-first'
    const fitting: Fitting = { isChannelsFirst, params: [], assignments: [], notes: [], problems: [] }
    try {
      await fitAll(model, layers, fitting)
    } catch (error) {
      if (error instanceof FileRefusal) return E.left(error.corrupt)
      throw error
    }
    const { problems } = fitting
    return problems.length === 0
      ? E.right(fitting)
      : E.left({ _tag: 'WeightsMisfit', path, model: model.model.name, problems })
  }

/** Places that are named in a message. */
const mostProblems = 6

/** The misfit as a sentence for people: its first places, and how many more there are. */
export const renderWeightsMisfit = ({ path, model, problems }: WeightsMisfit): string => {
  const more = problems.length > mostProblems ? `; and ${problems.length - mostProblems} more places` : ''
  return `${path} does not fit the model ${model}: ${problems.slice(0, mostProblems).join('; ')}${more}.`
}
