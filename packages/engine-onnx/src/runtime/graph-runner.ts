/**
 * Runs one graph over named buffers, without copies: inputs are read where they lie and outputs are written where they belong.
 *
 * onnxruntime-node wraps the memory of a typed array for inputs and for outputs that are given as tensors. It refuses shared memory.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-common'
import type { Binding, GraphPlan } from '../compile/program.ts'
import { batchAxis } from '../operators/activation.ts'
import { type Buffers, shapeAt } from './buffers.ts'
import type { OnnxRuntime } from './load-onnxruntime.ts'

export interface GraphRunner {
  /**
   * Run the graph once.
   *
   * @param batchSize fills in the batch axis.
   * @param buffers must hold every buffer that the plan names, each long enough.
   */
  readonly run: (batchSize: number, buffers: Buffers) => Promise<void>
  readonly release: () => Promise<void>
}

/**
 * Prepare a graph: onnxruntime parses, optimizes and plans it here.
 *
 * @param keepsPattern whether onnxruntime may remember where a run's temporaries lay and take them as one block in the next run of that batch
 * size: faster where steps are short, but the memory of the first run is held beside the block.
 */
export const makeGraphRunner = async (
  ort: OnnxRuntime,
  plan: GraphPlan,
  threads: number,
  keepsPattern: boolean,
): Promise<GraphRunner> => {
  const session: InferenceSession = await ort.InferenceSession.create(plan.model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: keepsPattern,
    // Errors only: a warning printed by a library is nothing that a caller can act on.
    logSeverityLevel: 3,
  })
  // Tensors of a session's own buffers are made once; a batch's are as short-lived as the batch.
  const tensorsOf = new WeakMap<Float32Array | Uint8Array, Map<string, Tensor>>()
  const bind = (binding: Binding, batchSize: number, buffers: Buffers): Tensor => {
    const buffer = buffers.get(binding.buffer)
    if (buffer === undefined) throw new RangeError(`run: there is no buffer ${binding.buffer}`)
    const known = tensorsOf.get(buffer)?.get(binding.name)
    if (known !== undefined) return known
    const shape = shapeAt(binding, batchSize)
    const isOfBatch = binding.shape.includes(batchAxis)
    const size = shape.reduce((product, axis) => product * axis, 1)
    const values = buffer.subarray(binding.offset, binding.offset + size)
    const tensor =
      values instanceof Float32Array
        ? new ort.Tensor('float32', values, shape)
        : new ort.Tensor('uint8', values, shape)
    if (isOfBatch) return tensor
    const tensors = tensorsOf.get(buffer) ?? new Map<string, Tensor>()
    tensorsOf.set(buffer, tensors.set(binding.name, tensor))
    return tensor
  }
  return {
    run: async (batchSize, buffers) => {
      const feeds: Record<string, Tensor> = {}
      const fetches: Record<string, Tensor> = {}
      for (const binding of plan.inputs) feeds[binding.name] = bind(binding, batchSize, buffers)
      for (const binding of plan.outputs) fetches[binding.name] = bind(binding, batchSize, buffers)
      await session.run(feeds, fetches)
    },
    release: () => session.release(),
  }
}
