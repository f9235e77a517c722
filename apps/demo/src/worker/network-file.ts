/** A trained network as a `.safetensors` file that says what it is, and back: anybody can draw its theta_0 again and check. */
import type { Params } from '@laperm/core'
import {
  decodeSafetensors,
  encodeSafetensors,
  fromTensors,
  renderCorruptFile,
  toTensors,
} from '@laperm/formats'
import { either as E, function as F } from 'fp-ts'
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
}

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

const factsOf = (metadata: Readonly<Record<string, string>>): NetworkFile['facts'] => {
  const optimizer = contenderNames.find((name) => name === metadata.optimizer)
  const [step, accuracy] = [Number(metadata.step), Number(metadata.testAccuracy)]
  return optimizer !== undefined && Number.isSafeInteger(step) && accuracy >= 0 && accuracy <= 1
    ? { optimizer, step, accuracy, data: metadata.data ?? 'unknown data' }
    : null
}

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
    decodeSafetensors(name, bytes),
    E.flatMap(({ tensors, metadata }) => {
      const read = metadata.settings === undefined ? undefined : readHash(metadata.settings)
      const own = read !== undefined && read.problems.length === 0
      const settings = own ? read.settings : current
      return E.map(
        (params: Params): NetworkFile => ({ settings, params, facts: own ? factsOf(metadata) : null }),
      )(fromTensors(name, networkOf(settings).inferred.parameters, tensors))
    }),
    E.mapLeft((error) => `${renderCorruptFile(error)} Nothing was loaded.`),
  )
