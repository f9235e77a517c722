/**
 * Kernels that turn bytes into floats by a table of 256 entries. No checks, no allocation.
 */

/** `out[to + j] = table[images[from + j]]`. Four at a time, because one loops more than it looks up. */
export const lookUp = (
  images: Uint8Array,
  from: number,
  out: Float32Array,
  to: number,
  count: number,
  table: Float32Array,
): void => {
  let j = 0
  for (; j + 3 < count; j += 4) {
    out[to + j] = table[images[from + j]]
    out[to + j + 1] = table[images[from + j + 1]]
    out[to + j + 2] = table[images[from + j + 2]]
    out[to + j + 3] = table[images[from + j + 3]]
  }
  for (; j < count; j++) out[to + j] = table[images[from + j]]
}

export const lookUpMinusMean = (
  images: Uint8Array,
  from: number,
  out: Float32Array,
  to: number,
  count: number,
  table: Float32Array,
  mean: Float32Array,
): void => {
  let j = 0
  for (; j + 3 < count; j += 4) {
    out[to + j] = table[images[from + j]] - mean[j]
    out[to + j + 1] = table[images[from + j + 1]] - mean[j + 1]
    out[to + j + 2] = table[images[from + j + 2]] - mean[j + 2]
    out[to + j + 3] = table[images[from + j + 3]] - mean[j + 3]
  }
  for (; j < count; j++) out[to + j] = table[images[from + j]] - mean[j]
}

/** Each channel has 256 entries of its own. */
export const lookUpPerChannel = (
  images: Uint8Array,
  from: number,
  out: Float32Array,
  to: number,
  count: number,
  table: Float32Array,
  channels: number,
): void => {
  for (let j = 0; j < count; j += channels)
    for (let c = 0; c < channels; c++) out[to + j + c] = table[(c << 8) + images[from + j + c]]
}
