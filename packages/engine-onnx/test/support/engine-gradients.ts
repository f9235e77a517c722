/** The gradients that the engine's training graph computes, and everything else that one step shows. */

import { randomValues } from '@laperm/conformance/engine'
import type { Params } from '@laperm/core'
import type { Batch } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import { compileModel } from '../../src/compile/compile-model.ts'
import { type BatchResult, makeExecutor } from '../../src/runtime/executor.ts'
import { loadOnnxRuntime } from '../../src/runtime/load-onnxruntime.ts'

export interface EngineStep {
  readonly result: BatchResult
  /** By parameter name, of trainable parameters. */
  readonly gradients: ReadonlyMap<string, Float32Array>
  /** All parameters after the step, by name. */
  readonly params: ReadonlyMap<string, Float32Array>
  /** The dropout masks that were used, by layer. */
  readonly masks: ReadonlyMap<string, Float32Array>
}

/**
 * One training step in this thread.
 *
 * Momentum with momentum 0 and learning rate 1 leaves exactly `-gradient` in its slot.
 */
export const stepInEngine = async (
  inferred: InferredModel,
  params: Params,
  batch: Batch,
  block?: number,
): Promise<EngineStep> => {
  const program = compileModel(inferred, { kind: 'momentum', momentum: 0, nesterov: false }, block)
  const executor = await makeExecutor(await loadOnnxRuntime(), program, { kind: 'none' }, 1)
  executor.initialize(params.map(({ values }) => values))
  const masks = program.masks.map(({ rate, sizePerExample }, i) =>
    randomValues(batch.size * sizePerExample, i + 5).map((value) =>
      (value + 1) / 2 < rate ? 0 : 1 / (1 - rate),
    ),
  )
  const result = await executor.trainStep({ ...batch, masks }, [1])
  const state = executor.readState()
  await executor.release()
  const trainables = program.parameters.filter(({ bank }) => bank === 'trainable')
  return {
    result,
    gradients: new Map(
      trainables.map(({ name }, i) => [name, state.slots['velocity'][i].map((value) => -value)]),
    ),
    params: new Map(program.parameters.map(({ name }, i) => [name, state.params[i]])),
    masks: new Map(program.masks.map(({ layer }, i) => [layer, masks[i]])),
  }
}
