/**
 * Limits far below any device's: tiles of 1024, two vectors of merges at a time, dispatches that must be folded.
 */
export const smallLimits = {
  maxComputeWorkgroupStorageSize: 8 * 1024,
  maxComputeWorkgroupsPerDimension: 3,
  maxStorageBufferBindingSize: 8 * 5000,
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
  [4999, 1],
] as const
