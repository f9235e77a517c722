/**
 * TensorFlow's eager operations through the tfjs backend that tfjs-node registers. What tfjs-core offers reads indices back to
 * JavaScript (gather) or has no name for an operation (InvertPermutation, Bitcast); this calls TensorFlow directly.
 */
import { engine, type Tensor } from '@tensorflow/tfjs-core'

/** An attribute of an operation. */
export interface OpAttribute {
  readonly name: string
  readonly type: number
  readonly value: number | boolean
}

/** The C API's numbers, as tfjs-node's binding hands them over. */
export interface TensorFlowBinding {
  readonly TF_Version: string
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_INT: number
}

/** What is used of tfjs-node's backend. */
export interface TensorFlowRuntime {
  readonly binding: TensorFlowBinding
  /** Whether operations run on a CUDA device. */
  readonly isUsingGpuDevice: boolean
  readonly executeSingleOutput: (name: string, attributes: OpAttribute[], inputs: Tensor[]) => Tensor
  readonly executeMultipleOutputs: (
    name: string,
    attributes: OpAttribute[],
    inputs: Tensor[],
    outputs: number,
  ) => Tensor[]
}

/** Name under which tfjs-node registers itself with tfjs. */
export const tfjsBackendName = 'tensorflow'

/**
 * The runtime that is registered with tfjs.
 *
 * @throws Error when none is: tfjs-node has not been loaded.
 */
export const registeredRuntime = (): TensorFlowRuntime => {
  const backend: unknown = engine().findBackend(tfjsBackendName)
  if (typeof backend !== 'object' || backend === null || !('executeMultipleOutputs' in backend))
    throw new Error(
      'TensorFlow is not loaded: make the backend with makeNodeBackend() or makeCudaBackend() first',
    )
  return backend as unknown as TensorFlowRuntime
}

type ElementType = 'float32' | 'int32'

const typeNumber = ({ TF_FLOAT, TF_INT32 }: TensorFlowBinding, type: ElementType): number =>
  type === 'float32' ? TF_FLOAT : TF_INT32

/** A type attribute (`T`, `Tindices`, ...). */
export const typeAttribute = (
  { binding }: TensorFlowRuntime,
  name: string,
  type: ElementType,
): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value: typeNumber(binding, type) })
