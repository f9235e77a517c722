/** The loss in float64, which every engine's is checked against. */
import type { Tensor64 } from '@laperm/models/reference'

/** Mean cross-entropy of softmax(logits), and its gradient. */
export const softmaxCrossEntropy64 = (
  logits: Tensor64,
  labels: Uint8Array,
): { readonly loss: number; readonly correct: number; readonly gradient: Float64Array } => {
  const [batch, classes] = logits.shape
  const gradient = new Float64Array(logits.values.length)
  let loss = 0
  let correct = 0
  for (let n = 0; n < batch; n++) {
    const row = logits.values.subarray(n * classes, (n + 1) * classes)
    const largest = Math.max(...row)
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0)
    loss -= (row[labels[n]] - largest - Math.log(sum)) / batch
    if (row.indexOf(largest) === labels[n]) correct++
    row.forEach((value, c) => {
      gradient[n * classes + c] = (Math.exp(value - largest) / sum - (c === labels[n] ? 1 : 0)) / batch
    })
  }
  return { loss, correct, gradient }
}
