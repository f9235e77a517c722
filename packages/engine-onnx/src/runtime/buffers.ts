/** The arrays that a session keeps between steps, by name. */
import type { Binding, BufferName, Program } from '../compile/program.ts'

export type Buffers = ReadonlyMap<BufferName, Float32Array | Uint8Array>

/**
 * Everything that outlives a step, filled with zeros.
 *
 * @param banks two arrays for the trained parameters: see {@link BufferName}.
 */
export const makeSessionBuffers = (
  program: Program,
  [bank, nextBank]: readonly [Float32Array, Float32Array],
): Map<BufferName, Float32Array> => {
  const { trainable, moving } = program.bankSizes
  return new Map<BufferName, Float32Array>([
    ['trainable', bank],
    ['nextTrainable', nextBank],
    ['moving', new Float32Array(moving)],
    ['scalars', new Float32Array(program.scalarCount)],
    ['results', new Float32Array(2)],
    ...program.slotNames.map((slot) => [`slot/${slot}`, new Float32Array(trainable)] as const),
  ])
}

/** A binding's shape with the size of the batch filled in. */
export const shapeAt = (binding: Binding, batchSize: number): readonly number[] =>
  binding.shape.map((axis) => (typeof axis === 'number' ? axis : batchSize))
