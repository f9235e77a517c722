/**
 * How many columns are sorted at once: blocks whose work textures fit the device and a bound on memory.
 */
import { DeviceFaultError, type WeightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { env } from '@tensorflow/tfjs-core'
import { contextOf } from './draw.ts'
import { slotsPerGroup } from './rank-search.ts'
import { groupBitsOf, type LayerBits } from './sort-network.ts'

/** What bounds the work. */
export interface WorkLimits {
  /** Outputs of a fragment are `2 ** layerBits`. */
  readonly layerBits: LayerBits
  /** Texels in the longest side of a texture. */
  readonly maxSide: number
  /** Groups of entries (32, or 16 on devices with 4 outputs) in a work texture: more columns go into a block of their own. */
  readonly mostGroups: number
}

/** 16 MiB a work texture, of which an operation has three to six. */
const mostGroups = 2 ** 17

/** This device's limits. */
export const workLimits = (backend: MathBackendWebGL): WorkLimits => {
  const gl = contextOf(backend)
  return {
    layerBits: gl.getParameter(gl.MAX_DRAW_BUFFERS) >= 8 ? 3 : 2,
    maxSide: env().getNumber('WEBGL_MAX_TEXTURE_SIZE'),
    mostGroups,
  }
}

/** Sizes of what an operation works on. */
export interface WorkPlan {
  readonly layerBits: LayerBits
  /** Vectors are padded to `2 ** levels` entries. */
  readonly levels: number
  /** Groups of a vector. */
  readonly groups: number
  /** Groups in a row of a work texture, a power of two. */
  readonly width: number
  readonly columnsPerBlock: number
}

/** Narrow textures have many rows, which software renderers divide among cores; vectors of millions of weights need wide ones. */
const widths = [128, 1024] as const

/**
 * Plan the work on a matrix with at least one weight.
 *
 * @param columnsTogether columns that share texels: 2 in packed tensors, else 1.
 * @throws DeviceFaultError where the device has no room for `columnsTogether` columns.
 */
export const planWork = (
  { length, count }: WeightVectorsSize,
  columnsTogether: number,
  { layerBits, maxSide, mostGroups }: WorkLimits,
): WorkPlan => {
  const levels = Math.max(groupBitsOf(layerBits), Math.ceil(Math.log2(length)))
  const groups = 2 ** (levels - groupBitsOf(layerBits))
  const least = Math.min(columnsTogether, count)
  const widest = 2 ** Math.floor(Math.log2(maxSide))
  let room = 0
  for (const wanted of widths) {
    const width = Math.min(wanted, widest)
    room = width * Math.floor(maxSide / slotsPerGroup(layerBits))
    const most = Math.max(least * groups, Math.min(room, mostGroups))
    const fitting = Math.floor(most / groups)
    // Whole strips of columns (see kernels.ts) where there is room for them.
    const columns = fitting - (fitting % (fitting < 4 ? columnsTogether : 4))
    if (most <= room) return { layerBits, levels, groups, width, columnsPerBlock: Math.max(least, columns) }
  }
  const allowed = room * 2 ** groupBitsOf(layerBits)
  throw new DeviceFaultError({
    _tag: 'DeviceLimitExceeded',
    backend: 'webgl',
    limit: 'weights in a work texture',
    allowed,
    ...(2 ** levels > allowed ? { needed: 2 ** levels, isOneVector: true } : { needed: least * 2 ** levels }),
  })
}
