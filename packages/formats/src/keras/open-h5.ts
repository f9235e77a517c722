/** Weights in HDF5: Keras's own layouts, and data sets of any other program. */
import { toFloat32 } from '../element-types.ts'
import { type H5DataSet, openH5File } from '../h5/h5-file.ts'
import { neuronAxesOf, placesByName } from '../naming/tensor-roles.ts'
import { attemptFile } from '../refusal.ts'
import type { ByteSource } from '../source/byte-source.ts'
import type { WeightFile } from '../weight-file.ts'
import { type H5Weight, h5Weights } from './h5-layout.ts'

type Described = H5Weight & H5DataSet

/**
 * Open a file by libhdf5. It is read where it lies; only where a source cannot be read without waiting (a Blob outside of workers) its bytes are copied first.
 *
 * @throws FileRefusal
 */
export const openH5 = async (source: ByteSource): Promise<WeightFile> => {
  const file = await openH5File(source)
  try {
    const weights = h5Weights(source, file).map(
      (weight): Described => ({
        ...weight,
        ...file.describe(weight.path),
      }),
    )
    const floats = weights.filter(({ dtype }) => dtype !== null)
    const places = placesByName(floats)
    return {
      format: 'keras-h5',
      tensors: floats.map((weight, i) => ({
        name: weight.name,
        shape: weight.shape,
        dtype: weight.dtype ?? '',
        neuronAxes: neuronAxesOf(weight, 'last'),
        ...places[i],
        read: attemptFile(async () => toFloat32(weight.dtype ?? '', file.readData(weight.path))),
      })),
      leftOut: weights.flatMap(({ name, dtype }) =>
        dtype === null ? [{ name, dtype: 'no floating numbers' }] : [],
      ),
      metadata: Object.create(null),
      close: file.close,
    }
  } catch (error) {
    file.close()
    throw error
  }
}
