/** A trained network as a `.safetensors` or a `.laperm` file that says what it is, and back: anybody can draw its theta_0 again and check. */
import type { Params } from '@laperm/core'
import {
  type CorruptFile,
  corruptFile,
  decodeSafetensors,
  encodeSafetensors,
  fromTensors,
  type NotAnArrangement,
  renderCorruptFile,
  toTensors,
} from '@laperm/formats'
import { modelNameOf, type PackedNetwork, packNetwork, renderTrainError, unpackNetwork } from '@laperm/train'
import { either as E, function as F } from 'fp-ts'
import { defaultSettings } from '../settings/default-settings.ts'
import { type ModelName, modelNames } from '../settings/demo-models.ts'
import { networkOf } from '../settings/experiments.ts'
import { type ContenderName, contenderNames, type RunSettings } from '../settings/run-settings.ts'
import { linkHash, readHash } from '../settings/settings-text.ts'

/** What is known of a network beside its weights. */
export interface NetworkFacts {
  readonly settings: RunSettings
  readonly optimizer: ContenderName
  /** After which step the weights were current. */
  readonly step: number
  readonly data: string
  /** On the whole test set. */
  readonly accuracy: number
}

/** A network out of a file. Facts are null where the file has none: it was not saved by this page. */
export interface NetworkFile {
  readonly settings: RunSettings
  readonly params: Params
  readonly facts: Omit<NetworkFacts, 'settings'> | null
  /** What a `.laperm` file says; null for others. */
  readonly packed: PackedNetwork | null
}

/** How a file of orders is called. */
const packedEnding = '.laperm'

/** The file's bytes; the format of `laperm train`'s `last.safetensors`, with more metadata. */
export const encodeNetwork = (params: Params, facts: NetworkFacts): Uint8Array<ArrayBuffer> => {
  const { settings, optimizer, step, data, accuracy } = facts
  return encodeSafetensors(toTensors(params), {
    format: 'laperm-weights/1',
    step: String(step),
    model: settings.model,
    optimizer,
    seed: String(settings.seed),
    initializer: JSON.stringify(networkOf(settings).experiment.initializer),
    sparsity: String(settings.sparsity),
    data,
    testAccuracy: String(accuracy),
    settings: linkHash(settings),
  })
}

/** The bytes of a `.laperm` file. @returns `Left` where the weights are not the initial ones in another order. */
export const packParams = (
  params: Params,
  settings: RunSettings,
  optimizer: ContenderName,
): E.Either<NotAnArrangement, Uint8Array<ArrayBuffer>> => {
  const packed = packNetwork(networkOf(settings, optimizer).experiment, params)
  if (E.isRight(packed)) return E.right(new Uint8Array(packed.right))
  if (packed.left._tag === 'NotAnArrangement') return E.left(packed.left)
  // Every setting was read by the rule of its field.
  throw new TypeError(renderTrainError(packed.left))
}

/** The page's own network with these parameters, as far as it is one. */
const modelOf = ({ experiment, params }: PackedNetwork): ModelName | undefined => {
  const inventory = (all: readonly { readonly name: string; readonly shape: readonly number[] }[]): string =>
    JSON.stringify(all.map(({ name, shape }) => [name, shape]))
  return modelNames.find(
    (name) =>
      name === modelNameOf(experiment.model) &&
      inventory(networkOf({ ...defaultSettings, model: name }).inferred.parameters) === inventory(params),
  )
}

/** A network out of a `.laperm` file, of this page or of `laperm pack`. */
const unpackHere = (
  name: string,
  bytes: Uint8Array,
  current: RunSettings,
): E.Either<CorruptFile, NetworkFile> =>
  F.pipe(
    unpackNetwork(name, bytes),
    E.flatMap((packed): E.Either<CorruptFile, NetworkFile> => {
      const { experiment, params } = packed
      const model = modelOf(packed)
      if (model === undefined)
        return E.left(
          corruptFile(
            name,
            `one of this page's networks (${modelNames.join(', ')})`,
            `'${modelNameOf(experiment.model)}'`,
          ),
        )
      const { seed, normalization: inputs } = experiment
      return E.right({ settings: { ...current, model, seed, inputs }, params, facts: null, packed })
    }),
  )

const factsOf = (metadata: Readonly<Record<string, string>>): NetworkFile['facts'] => {
  const optimizer = contenderNames.find((name) => name === metadata.optimizer)
  const [step, accuracy] = [Number(metadata.step), Number(metadata.testAccuracy)]
  return optimizer !== undefined && Number.isSafeInteger(step) && accuracy >= 0 && accuracy <= 1
    ? { optimizer, step, accuracy, data: metadata.data ?? 'unknown data' }
    : null
}

/** A network out of a `.safetensors` file. */
const readTensorFile = (
  name: string,
  bytes: Uint8Array,
  current: RunSettings,
): E.Either<CorruptFile, NetworkFile> =>
  F.pipe(
    decodeSafetensors(name, bytes),
    E.flatMap(({ tensors, metadata }) => {
      const read = metadata.settings === undefined ? undefined : readHash(metadata.settings)
      const own = read !== undefined && read.problems.length === 0
      const settings = own ? read.settings : current
      return E.map(
        (params: Params): NetworkFile => ({
          settings,
          params,
          facts: own ? factsOf(metadata) : null,
          packed: null,
        }),
      )(fromTensors(name, networkOf(settings).inferred.parameters, tensors))
    }),
  )

/**
 * Read a file.
 *
 * @param current the page's settings: a file that does not say how it was made is read as weights of their network.
 * @returns `Left` with what is wrong, in words.
 */
export const decodeNetwork = (
  name: string,
  bytes: Uint8Array,
  current: RunSettings,
): E.Either<string, NetworkFile> =>
  F.pipe(
    name.endsWith(packedEnding) ? unpackHere(name, bytes, current) : readTensorFile(name, bytes, current),
    E.mapLeft((error) => `${renderCorruptFile(error)} Nothing was loaded.`),
  )
