/**
 * Copies of arrays in one block of memory, to be transferred between threads.
 *
 * One block, because the allocator gives a large one back to the system when it is free, and keeps many middling ones.
 */

/** Copy arrays, one after the other. The results are views of one buffer of their own. */
export const packCopies = (arrays: readonly Float32Array[]): readonly Float32Array<ArrayBuffer>[] => {
  const block = new Float32Array(arrays.reduce((size, { length }) => size + length, 0))
  let offset = 0
  return arrays.map((values) => {
    const copy = block.subarray(offset, offset + values.length)
    copy.set(values)
    offset += values.length
    return copy
  })
}

/** The buffers that arrays lie in, each once: what to transfer. */
export const buffersOf = (arrays: readonly Float32Array<ArrayBufferLike>[]): readonly ArrayBuffer[] => [
  ...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer)),
]
