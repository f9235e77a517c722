/**
 * Tensor operations as a backend: what proves `TensorOperations` by the laws that every backend is proven by.
 */
import type { Backend } from '../backend.ts'
import type { TensorMemory, TensorOperations } from '../tensor-operations.ts'
import type { WeightVectorsSize } from '../weight-vectors.ts'

/** A tensor, perhaps still on its way, and the matrix that it holds. */
export interface TensorBank<T> extends WeightVectorsSize {
  readonly tensor: Promise<T>
}

/** The smallest divisor above 1 that is no larger than the root of `n`, or 1. */
const smallDivisor = (n: number): number => {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return divisor
  return 1
}

/** A convolution kernel `[kh, kw, cin, cout]` that holds these weight vectors; a single vector is a bias `[length]`. */
export const kernelShape = ({ length, count }: WeightVectorsSize): readonly number[] => {
  if (count === 1) return [length]
  const height = smallDivisor(length)
  const width = smallDivisor(length / height)
  return [height, width, length / height / width, count]
}

/**
 * A backend whose banks are tensors of any rank; its name is that of the operations with `tensors` behind it.
 *
 * @param operations what is to be used as a backend; an operation that rejects makes `download` of its result reject.
 * @param memory how its tensors are made, read and given back.
 * @param shapeOf shape of an uploaded matrix; its columns are the weight vectors. Default: that of a convolution kernel.
 * @example
 * const report = await checkBackend(makeTensorBackend(operations, memory))
 */
export const makeTensorBackend = <T>(
  operations: TensorOperations<T>,
  memory: TensorMemory<T>,
  shapeOf: (size: WeightVectorsSize) => readonly number[] = kernelShape,
): Backend<TensorBank<T>> => {
  const { device, refusesNaN, keepsSubnormals } = operations
  const bankOf = ({ length, count }: WeightVectorsSize, tensor: Promise<T>): TensorBank<T> => {
    // A failure is for whoever downloads; a bank that nobody reads is no unhandled rejection.
    tensor.catch(() => undefined)
    return { tensor, length, count }
  }
  return {
    name: `${operations.name} tensors`,
    device,
    refusesNaN,
    keepsSubnormals,
    upload: (w) => bankOf(w, Promise.resolve(memory.upload(w.values, shapeOf(w)))),
    download: async ({ tensor, length, count }) => {
      const made = await tensor
      await operations.settled?.()
      return { values: await memory.download(made), length, count }
    },
    sort: (w) => bankOf(w, w.tensor.then(operations.sort)),
    rank: (w) => bankOf(w, w.tensor.then(operations.rank)),
    permute: (sorted, ranks) =>
      bankOf(
        sorted,
        Promise.all([sorted.tensor, ranks.tensor]).then(([s, r]) => operations.permute(s, r)),
      ),
    sync: (sorted, w) =>
      bankOf(
        w,
        Promise.all([sorted.tensor, w.tensor]).then(([s, t]) => operations.sync(s, t)),
      ),
    dispose: ({ tensor }) => {
      tensor.then(memory.dispose, () => undefined)
    },
    close: () => memory.close?.(),
  }
}
