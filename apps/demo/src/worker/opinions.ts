/** What a network says about one image, through the engine's own interface. */
import type { Normalizer } from '@laperm/data'
import { orThrow, type TrainSession } from '@laperm/engine'

const classes = 10

/**
 * The probability of each class.
 *
 * The loss of one example whose label is c is `-log p_c` (softmax cross-entropy), so ten evaluations give the ten probabilities, and an
 * engine needs no prediction of its own for it.
 *
 * @param image 28x28 in 0..1, white on black.
 */
export const classify = async (
  session: TrainSession,
  normalizer: Normalizer,
  image: Float32Array,
): Promise<readonly number[]> => {
  const inputs = new Float32Array(image.length)
  normalizer.fillFrom(
    image.map((ink) => ink * 255),
    1,
    inputs,
  )
  const probabilities: number[] = []
  for (let label = 0; label < classes; label++) {
    const { lossSum } = await orThrow(session.evaluate({ inputs, labels: Uint8Array.of(label), size: 1 }))
    probabilities.push(Math.exp(-lossSum))
  }
  return probabilities
}
