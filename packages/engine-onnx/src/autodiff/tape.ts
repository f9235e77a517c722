/**
 * Reverse-mode differentiation over a graph under construction.
 *
 * Every differentiable operator appends its forward nodes and records a pullback: given the gradient of the loss with respect
 * to its output, the gradients with respect to its inputs, as new nodes of the same graph. `backward` walks the records from the
 * last to the first; a tensor that was used several times gets the sum of its gradients. Nothing here knows any operator.
 *
 * @see Griewank and Walther, Evaluating Derivatives, chapter 3
 */
import { add } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'

/**
 * From the gradient of an output to the gradients of the inputs, in their order; `undefined` for an input that has none.
 *
 * `needed[i]` is false where nobody will use the gradient of input `i`: an expensive one should then not be built.
 */
export type Pullback = (outputGradient: Tensor, needed: readonly boolean[]) => readonly (Tensor | undefined)[]

/** Records what was computed, to be differentiated. */
export interface Tape {
  /** Remember how `output` came from `inputs`. */
  readonly record: (inputs: readonly Tensor[], output: Tensor, pullback: Pullback) => void
  /**
   * Append the gradient nodes.
   *
   * @param output the tensor that is differentiated, with the gradient of the loss with respect to it.
   * @param wanted the tensors (parameters) whose gradients are asked for.
   * @returns their gradients, in that order; `undefined` for one that the loss does not depend on.
   */
  readonly backward: (
    output: Tensor,
    outputGradient: Tensor,
    wanted: readonly Tensor[],
  ) => readonly (Tensor | undefined)[]
}

interface TapeRecord {
  readonly inputs: readonly Tensor[]
  readonly output: Tensor
  readonly pullback: Pullback
}

/** An empty tape over a graph. */
export const makeTape = (graph: GraphBuilder): Tape => {
  const records: TapeRecord[] = []
  return {
    record: (inputs, output, pullback) => {
      records.push({ inputs, output, pullback })
    },
    backward: (output, outputGradient, wanted) => {
      // A gradient is worth building only on the way to a wanted tensor.
      const leadsToWanted = new Set(wanted.map((tensor) => tensor.name))
      for (const record of records)
        if (record.inputs.some((input) => leadsToWanted.has(input.name)))
          leadsToWanted.add(record.output.name)

      const gradients = new Map<string, Tensor>([[output.name, outputGradient]])
      for (const record of [...records].reverse()) {
        const gradient = gradients.get(record.output.name)
        const needed = record.inputs.map((input) => leadsToWanted.has(input.name))
        if (gradient === undefined || !needed.includes(true)) continue
        record.pullback(gradient, needed).forEach((inputGradient, i) => {
          if (inputGradient === undefined || !needed[i]) return
          const { name } = record.inputs[i]
          const sum = gradients.get(name)
          gradients.set(name, sum === undefined ? inputGradient : add(graph, sum, inputGradient))
        })
      }
      return wanted.map((tensor) => gradients.get(tensor.name))
    },
  }
}
