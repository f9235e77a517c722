/** Builds a small graph and runs it in this thread. */
import type { Tensor as OrtTensor } from 'onnxruntime-common'
import { encodeModel } from '../../src/onnx/encode.ts'
import { type GraphBuilder, makeGraphBuilder } from '../../src/onnx/graph-builder.ts'
import { loadOnnxRuntime } from '../../src/runtime/load-onnxruntime.ts'

export interface Fed {
  readonly values: Float32Array | Uint8Array
  readonly shape: readonly number[]
}

/** The outputs' values by name. */
export const runGraph = async (
  build: (graph: GraphBuilder) => void,
  feeds: Readonly<Record<string, Fed>>,
): Promise<Readonly<Record<string, Float32Array>>> => {
  const ort = await loadOnnxRuntime()
  const graph = makeGraphBuilder('test')
  build(graph)
  const session = await ort.InferenceSession.create(encodeModel(graph.build()), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  const tensors: Record<string, OrtTensor> = {}
  for (const name of session.inputNames) {
    const { values, shape } = feeds[name]
    tensors[name] =
      values instanceof Float32Array
        ? new ort.Tensor('float32', values, shape)
        : new ort.Tensor('uint8', values, shape)
  }
  const outputs = await session.run(tensors)
  const result = Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, Float32Array.from(tensor.data as Float32Array)]),
  )
  await session.release()
  return result
}
