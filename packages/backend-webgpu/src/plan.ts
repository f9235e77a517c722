/**
 * How a batch of vectors is divided into dispatches: a pure function of sizes and limits, which is tested without a device.
 */
import { DeviceFaultError, type WeightVectorsSize } from '@laperm/core'
import { type Uniforms, workgroupSize } from './wgsl/dispatch.ts'
import { mergedPerThread } from './wgsl/merge-runs.ts'

/** The limits that decide, in WebGPU's own names. */
export interface PlanLimits {
  readonly maxComputeWorkgroupStorageSize: number
  readonly maxComputeWorkgroupsPerDimension: number
  readonly maxStorageBufferBindingSize: number
}

/** One dispatch of a sort. */
export interface Stage {
  readonly kind: 'tiles' | 'merge'
  /** Whether it writes the result; otherwise pairs for the next stage. */
  readonly last: boolean
  readonly workgroups: readonly [number, number]
  readonly uniforms: Uniforms
}

/** A sort of a whole batch. */
export interface SortPlan {
  /** Elements in shared memory. */
  readonly tile: number
  /** Pairs that each of the two scratch buffers must hold; 0 where nothing is merged. */
  readonly scratchPairs: number
  readonly stages: readonly Stage[]
}

const bytesPerWeight = 4
const bytesPerPair = 8
const smallestTile = 1024
/** Most pairs in a scratch buffer, 128 MiB: enough work for any device at a time. More vectors than fit are sorted one group after the other. */
const scratchTarget = 2 ** 24

/** A thread begins the network with eight neighbouring elements in registers. */
const smallestPadding = 8

const powerOfTwoAtLeast = (n: number): number => 2 ** Math.ceil(Math.log2(n))
const paddedLength = (length: number): number => Math.max(smallestPadding, powerOfTwoAtLeast(length))

/**
 * 2048 pairs are 16 KiB, which every device has. A device with more shared memory could hold 4096, but would then run fewer workgroups at once,
 * and drivers compile the shader in time proportional to the tile.
 */
const largestUsefulTile = 2048

/** Largest tile of pairs that is kept in a workgroup's shared memory. */
export const largestTile = (limits: PlanLimits): number =>
  Math.min(
    largestUsefulTile,
    2 ** Math.floor(Math.log2(limits.maxComputeWorkgroupStorageSize / bytesPerPair)),
  )

/**
 * Fold a number of workgroups into two dimensions, each within the device's limit.
 *
 * @returns undefined where even the square of the limit is too few.
 */
export const foldWorkgroups = (groups: number, limits: PlanLimits): readonly [number, number] | undefined => {
  const most = limits.maxComputeWorkgroupsPerDimension
  const rows = Math.ceil(groups / most)
  return rows > most ? undefined : [rows === 1 ? groups : most, rows]
}

const limitExceeded = (
  limit: string,
  allowed: number,
  needed: number,
  isOneVector = false,
): DeviceFaultError =>
  new DeviceFaultError({
    _tag: 'DeviceLimitExceeded',
    backend: 'webgpu',
    limit,
    allowed,
    needed,
    isOneVector,
  })

const folded = (groups: number, limits: PlanLimits): readonly [number, number] => {
  const workgroups = foldWorkgroups(groups, limits)
  if (workgroups === undefined)
    throw limitExceeded(
      'maxComputeWorkgroupsPerDimension squared',
      limits.maxComputeWorkgroupsPerDimension ** 2,
      groups,
    )
  return workgroups
}

/**
 * A matrix must be bound whole: a part of a row-major buffer holds rows, while weight vectors are columns.
 */
const assertBindable = ({ length, count }: WeightVectorsSize, limits: PlanLimits): void => {
  const allowed = limits.maxStorageBufferBindingSize
  const vectorBytes = length * bytesPerWeight
  if (vectorBytes > allowed) throw limitExceeded('maxStorageBufferBindingSize', allowed, vectorBytes, true)
  const bytes = vectorBytes * count
  if (bytes > allowed) throw limitExceeded('maxStorageBufferBindingSize', allowed, bytes)
}

/** One dispatch: short vectors share a workgroup, vectors of more than half a tile have one each. */
const inOneTile = ({ length, count }: WeightVectorsSize, tile: number, limits: PlanLimits): Stage => {
  const padded = paddedLength(length)
  const interleaveLog = Math.log2(Math.min(tile / padded, powerOfTwoAtLeast(count)))
  const groups = Math.ceil(count / 2 ** interleaveLog)
  return {
    kind: 'tiles',
    last: true,
    workgroups: folded(groups, limits),
    uniforms: {
      length,
      count,
      firstVector: 0,
      vectors: count,
      padded,
      interleaveLog,
      tiles: 1,
      run: padded,
      groups,
    },
  }
}

/** Sort the tiles of some vectors, then merge pairs of runs until each vector is one run. */
const inTiles = (
  { length, count }: WeightVectorsSize,
  firstVector: number,
  vectors: number,
  tile: number,
  limits: PlanLimits,
): readonly Stage[] => {
  const tiles = Math.ceil(length / tile)
  const common = { length, count, firstVector, vectors, padded: tile, interleaveLog: 0, tiles }
  const stages: Stage[] = [
    {
      kind: 'tiles',
      last: false,
      workgroups: folded(vectors * tiles, limits),
      uniforms: { ...common, run: tile, groups: vectors * tiles },
    },
  ]
  const groups = Math.ceil((vectors * Math.ceil(length / mergedPerThread)) / workgroupSize)
  for (let run = tile; run < length; run *= 2)
    stages.push({
      kind: 'merge',
      last: 2 * run >= length,
      workgroups: folded(groups, limits),
      uniforms: { ...common, run, groups },
    })
  return stages
}

/**
 * Plan the sort of `count` vectors of `length` weights.
 *
 * Vectors that do not fit shared memory are merged through two scratch buffers, as many vectors at a time as these hold.
 *
 * @throws DeviceFaultError `DeviceLimitExceeded` where the weights, or a single vector's pairs, exceed `maxStorageBufferBindingSize`.
 */
export const planSort = (size: WeightVectorsSize, limits: PlanLimits): SortPlan => {
  const { length, count } = size
  assertBindable(size, limits)
  const most = largestTile(limits)
  const padded = paddedLength(length)
  if (padded <= most) {
    const tile = Math.min(most, Math.max(smallestTile, padded))
    return { tile, scratchPairs: 0, stages: [inOneTile(size, tile, limits)] }
  }
  const pairsAllowed = Math.floor(limits.maxStorageBufferBindingSize / bytesPerPair)
  const atOnce = Math.min(count, Math.floor(Math.min(pairsAllowed, Math.max(scratchTarget, length)) / length))
  if (atOnce === 0)
    throw limitExceeded(
      'maxStorageBufferBindingSize',
      limits.maxStorageBufferBindingSize,
      length * bytesPerPair,
      true,
    )
  const stages: Stage[] = []
  for (let first = 0; first < count; first += atOnce)
    stages.push(...inTiles(size, first, Math.min(atOnce, count - first), most, limits))
  return { tile: most, scratchPairs: atOnce * length, stages }
}

/**
 * Plan the one dispatch of a shader with a thread a weight.
 *
 * @throws DeviceFaultError `DeviceLimitExceeded` where the weights exceed `maxStorageBufferBindingSize`.
 */
export const planElementwise = (
  size: WeightVectorsSize,
  limits: PlanLimits,
): Pick<Stage, 'workgroups' | 'uniforms'> => {
  const { length, count } = size
  assertBindable(size, limits)
  const groups = Math.ceil((length * count) / workgroupSize)
  return {
    workgroups: folded(groups, limits),
    uniforms: {
      length,
      count,
      firstVector: 0,
      vectors: count,
      padded: 0,
      interleaveLog: 0,
      tiles: 1,
      run: 0,
      groups,
    },
  }
}
