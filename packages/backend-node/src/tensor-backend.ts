/**
 * The backend interface over TensorFlow tensors.
 */
import { type Backend, DivergedError, type ImmediateTensorOperations, type WeightVectors } from '@laperm/core'
import {
  any,
  engine,
  isNaN as isNaNTensor,
  keep,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { makeTensorOperations } from './tensor-operations.ts'
import { tfjsBackendName } from './tensorflow-runtime.ts'

/** Weight vectors in TensorFlow's memory, on the CPU or the CUDA device. */
export interface TensorBank {
  readonly tensor: Tensor2D
}

/** The backend, and the operations on tensors that it is made of. */
export interface TensorFlowBackend extends Backend<TensorBank> {
  /** On tensors of any rank, while `tensorflow` is tfjs's active backend: for those who have tfjs variables already. NaN is not looked for. */
  readonly tensors: ImmediateTensorOperations<Tensor>
}

/** Run with the `tensorflow` backend active, whatever is active around it. */
const onTensorFlow = <A>(compute: () => A): A => {
  const active = engine().backendName
  if (active === tfjsBackendName) return compute()
  engine().setBackend(tfjsBackendName)
  try {
    return compute()
  } finally {
    if (active != null) engine().setBackend(active)
  }
}

/** Say where the first NaN is; only on the way to an error is the tensor read. */
const assertNoNaN = (w: Tensor2D): void => {
  if (w.size === 0 || tidy(() => any(isNaNTensor(w))).dataSync()[0] === 0) return
  const values = w.dataSync<'float32'>()
  const first = values.findIndex(Number.isNaN)
  throw new DivergedError(first % w.shape[1], Math.floor(first / w.shape[1]))
}

const toBank = (compute: () => Tensor2D): TensorBank =>
  onTensorFlow(() => ({ tensor: tidy(() => keep(compute())) }))

/**
 * Sort, rank, permute and synchronize on the loaded TensorFlow runtime.
 *
 * @param name `node` or `cuda`; @param device what TensorFlow runs on, for people.
 * @throws DivergedError for NaN, RangeError for sizes that do not fit, from each operation.
 */
export const makeTensorFlowBackend = (name: string, device: string): TensorFlowBackend => {
  const tensors = makeTensorOperations(name, device)
  return {
    name,
    device,
    tensors,
    refusesNaN: true,
    keepsSubnormals: true,
    upload: ({ values, length, count }: WeightVectors) =>
      // A copy, because tfjs-node hands the caller's array to TensorFlow only when it is first used.
      toBank(() => tensor2d(values.slice(), [length, count], 'float32')),
    download: async ({ tensor }) => ({
      values: (await tensor.data<'float32'>()).slice(),
      length: tensor.shape[0],
      count: tensor.shape[1],
    }),
    sort: ({ tensor }) =>
      toBank(() => {
        assertNoNaN(tensor)
        return tensors.sort(tensor)
      }),
    rank: ({ tensor }) =>
      toBank(() => {
        assertNoNaN(tensor)
        return tensors.rank(tensor)
      }),
    permute: (sorted, ranks) =>
      toBank(() => {
        return tensors.permute(sorted.tensor, ranks.tensor)
      }),
    sync: (sorted, w) =>
      toBank(() => {
        assertNoNaN(w.tensor)
        return tensors.sync(sorted.tensor, w.tensor)
      }),
    dispose: ({ tensor }) => {
      if (tensor.isDisposed) throw new RangeError('bank: it has been disposed already')
      tensor.dispose()
    },
    // TensorFlow stays loaded as long as the process.
    close: () => {},
  }
}
