/** A file of weights on disk: what is opened for it is closed with it, and HDF5 is read in a thread that can be ended. */
import { either as E, type taskEither as TE } from 'fp-ts'
import type { CorruptFile } from '../corrupt-file.ts'
import { readTensors } from '../read-tensors.ts'
import type { WeightFile } from '../weight-file.ts'
import { openFileSource } from './file-source.ts'
import { makeH5Host } from './h5-host.ts'

/** A {@link WeightFile} that owns what it is read from. */
export interface OpenWeightFile extends Omit<WeightFile, 'close'> {
  /** Closes the file, and ends the thread that read HDF5. */
  readonly close: () => Promise<void>
}

/**
 * Open a file of weights of any program.
 *
 * @returns its index, each tensor to be read when it is asked for; `Left(CorruptFile)` when it cannot be read.
 */
export const openWeightFile =
  (path: string): TE.TaskEither<CorruptFile, OpenWeightFile> =>
  async () => {
    const source = await openFileSource(path)()
    if (E.isLeft(source)) return source
    const host = makeH5Host()
    const close = async (): Promise<void> => {
      await host.close()
      await source.right.close()
    }
    const file = await readTensors(source.right, { openH5: host.openH5 })().catch(async (error: unknown) => {
      await close()
      throw error
    })
    if (E.isRight(file)) return E.right({ ...file.right, close })
    await close()
    return file
  }
