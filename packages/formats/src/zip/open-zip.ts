/** Archives of weights are told apart by their members: Keras's `.keras`, NumPy's `.npz`. */
import { openKeras } from '../keras/open-keras.ts'
import { openNpz } from '../numpy/open-numpy.ts'
import { refuseFile } from '../refusal.ts'
import type { ByteSource } from '../source/byte-source.ts'
import type { OpenH5, WeightFile } from '../weight-file.ts'
import { openZip } from './zip-archive.ts'

/** @throws FileRefusal */
export const openArchive = async (source: ByteSource, openH5: OpenH5): Promise<WeightFile> => {
  const members = await openZip(source)
  const has = (isIt: (name: string) => boolean): boolean => members.some(({ name }) => isIt(name))
  if (has((name) => name === 'model.weights.h5')) return openKeras(source, members, openH5)
  if (has((name) => name.endsWith('.npy'))) return openNpz(source, members)
  return has((name) => name.endsWith('data.pkl'))
    ? refuseFile(
        source.path,
        'weights that are data alone',
        "PyTorch's pickled file, which is a program",
        "Save them with safetensors.torch.save_file(model.state_dict(), 'model.safetensors').",
      )
    : refuseFile(
        source.path,
        "an archive of weights: Keras's .keras or NumPy's .npz",
        `${members.length} other members`,
      )
}
