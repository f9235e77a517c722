/** The network that came from a file: compiled, measured, held against its theta_0, and asked about drawn digits like the others. */
import { checkPermutations } from '@laperm/core'
import type { Normalizer } from '@laperm/data'
import type { Engine, TrainSession } from '@laperm/engine'
import { drawInitialParams, optimizerOf, permutedRolesOf } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { LoadedNetwork } from '../messages/events.ts'
import type { GivenFile } from '../messages/requests.ts'
import { networkOf } from '../settings/experiments.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import type { DataShelf } from './data-shelf.ts'
import { measureNetwork } from './measured-network.ts'
import { decodeNetwork, type NetworkFile } from './network-file.ts'
import { classify } from './opinions.ts'
import { orEnd } from './run-ended.ts'

/** A place for one network from a file. */
export interface LoadedPlace {
  /** Put a file's network here; where that fails, the one before stays. @returns `Left` with what is wrong, in words. */
  readonly open: (
    file: GivenFile,
    current: RunSettings,
    shelf: DataShelf,
    engineFor: (settings: RunSettings) => Promise<Engine>,
  ) => Promise<E.Either<string, LoadedNetwork>>
  /** Null where there is none. */
  readonly classify: (image: Float32Array) => Promise<readonly number[] | null>
  readonly close: () => Promise<void>
}

/** How many weight vectors are permutations of theta_0; none are counted where the file does not say what theta_0 was. */
const proofOf = ({ facts, params, settings, packed }: NetworkFile) => {
  if (packed !== null)
    return checkPermutations(packed.initialParams, params, permutedRolesOf(packed.experiment))
  if (facts === null) return { weightVectors: 0, permutedVectors: 0 }
  const network = networkOf(settings)
  return checkPermutations(drawInitialParams(network), params, permutedRolesOf(network.experiment))
}

export const makeLoadedNetwork = (): LoadedPlace => {
  let here: { readonly session: TrainSession; readonly normalizer: Normalizer } | undefined
  const close = async (): Promise<void> => {
    const old = here
    here = undefined
    await old?.session.dispose()
  }
  return {
    open: async (file, current, shelf, engineFor) => {
      const read = decodeNetwork(file.name, file.bytes, current)
      if (E.isLeft(read)) return read
      const { settings, params, facts, packed } = read.right
      const shelved = await shelf.take(settings)
      if (E.isLeft(shelved)) return shelved
      const { dataset, normalizer } = shelved.right
      // On the backend of the page, whatever the network was trained on.
      const { backend, software } = current
      const engine = await engineFor({ ...settings, backend, software })
      const { session, accuracy } = orEnd(await measureNetwork(engine, settings, params, shelved.right))
      await close()
      here = { session, normalizer }
      const { weightVectors, permutedVectors } = proofOf(read.right)
      return E.right({
        file: file.name,
        model: settings.model,
        trainedWith: facts?.optimizer ?? (packed === null ? 'unknown' : optimizerOf(packed.experiment)),
        seed: settings.seed,
        step: facts?.step ?? null,
        accuracy,
        testExamples: dataset.test.count,
        data: dataset.name,
        savedAccuracy: facts?.accuracy ?? null,
        weightVectors,
        permutedVectors,
      })
    },
    classify: async (image) => (here === undefined ? null : classify(here.session, here.normalizer, image)),
    close,
  }
}
