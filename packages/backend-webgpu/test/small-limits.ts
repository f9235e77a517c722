/**
 * Limits far below any device's: tiles of 1024, two vectors of merges at a time, dispatches that must be folded.
 */
export const smallLimits = {
  maxComputeWorkgroupStorageSize: 8 * 1024,
  maxComputeWorkgroupsPerDimension: 3,
  maxStorageBufferBindingSize: 8 * 5200,
}

/** Lengths around the tile and its multiples, with vectors enough to need several groups and a folded dispatch. */
export const sizesUnderSmallLimits = [
  [1, 1],
  [8, 1],
  [9, 300],
  [1023, 2],
  [1024, 5],
  [1025, 2],
  [2048, 1],
  [2049, 5],
  [5199, 1],
] as const

/** One vector a workgroup, and two to a hundred and twenty-eight, in tiles of both sizes. */
export const sizesOfTiles = [
  [1, 1],
  [9, 300],
  [17, 64],
  [64, 33],
  [250, 9],
  [500, 5],
  [1000, 3],
  [2048, 2],
] as const
