/**
 * Sorting a block of columns on the GPU: the network's passes over work textures, and the search tree on top.
 */
import type { WeightVectorsSize } from '@laperm/core'
import { type BoundTexture, draw } from './draw.ts'
import { order, prologue } from './glsl.ts'
import { keysOfRows } from './programs.ts'
import { keptLevels, makeTree, rootChildren, slotsPerGroup } from './rank-search.ts'
import { groupBitsOf, mergeGroups, mergePasses, sortGroups, texelOffsets } from './sort-network.ts'
import { type PlacedMatrix, placeUniform } from './tensor-layout.ts'
import type { WorkPlan } from './work-plan.ts'
import type { Workbench, WorkTexture } from './work-textures.ts'

/** Columns from `first` to before `end`. */
export interface Columns {
  readonly first: number
  readonly end: number
}

/** What all passes over one block need. */
export interface BlockWork {
  readonly gl: WebGL2RenderingContext
  readonly bench: Workbench
  readonly plan: WorkPlan
  readonly size: WeightVectorsSize
  readonly columns: Columns
}

/** A work texture as a program reads it. */
export const bound = ({ texture, size: { layers } }: WorkTexture): BoundTexture => ({
  texture,
  layered: layers > 0,
})

/** The uniforms of the matrix's size, which every program has. */
export const sizeUniforms = ({ length, count }: WeightVectorsSize) => ({
  vectorLength: [length],
  vectorCount: [count],
})

const rowsOf = ({ plan: { groups, width }, columns }: BlockWork): number =>
  Math.ceil((groups * (columns.end - columns.first)) / width)

const takeLayers = (work: BlockWork): WorkTexture =>
  work.bench.take({ width: work.plan.width, height: rowsOf(work), layers: 2 ** work.plan.layerBits })

const sortFirst = (work: BlockWork, w: PlacedMatrix): WorkTexture => {
  const { gl, plan, size, columns } = work
  const { layerBits, width, groups, levels } = plan
  const target = takeLayers(work)
  draw(gl, {
    key: `sort groups ${layerBits} ${width} ${w.arrangement}`,
    source: () => `${prologue}${order}${sortGroups(layerBits, width, keysOfRows(w.arrangement))}`,
    framebuffer: target.framebuffer,
    width,
    height: rowsOf(work),
    textures: { W: { texture: w.texture, layered: false } },
    integers: {
      ...sizeUniforms(size),
      WPlace: placeUniform(w),
      groups: [groups],
      vectors: [columns.first, columns.end],
      turn: [levels === groupBitsOf(layerBits) ? 0 : 1],
    },
  })
  return target
}

/** Sorted columns, and the sorted runs of earlier levels in which ties are counted. */
export interface SortedColumns {
  readonly sorted: WorkTexture
  /** Runs of the kept levels, ascending; empty where they were not asked for. */
  readonly runs: readonly WorkTexture[]
}

/** Run the network on a block of columns. Textures belong to the work's bench. */
export const sortColumns = (work: BlockWork, w: PlacedMatrix, keepRuns: boolean): SortedColumns => {
  const { gl, bench, plan } = work
  const { layerBits, width, groups, levels } = plan
  const kept = new Set(keepRuns ? keptLevels(levels, layerBits) : [])
  let sorted = sortFirst(work, w)
  const runs: WorkTexture[] = []
  if (kept.has(groupBitsOf(layerBits))) runs.push(sorted)
  for (const pass of mergePasses(levels, layerBits)) {
    const target = takeLayers(work)
    const { steps, isLevelsEnd, below, belowBefore, turn, level } = pass
    draw(gl, {
      key: `merge ${layerBits} ${width} ${steps} ${isLevelsEnd}`,
      source: () => `${prologue}${mergeGroups(layerBits, width, pass)}`,
      framebuffer: target.framebuffer,
      width,
      height: rowsOf(work),
      textures: { Entries: bound(sorted) },
      integers: { groups: [groups], below: [below], belowBefore: [belowBefore], turn: [turn] },
      pairs: { offsets: texelOffsets(pass, layerBits) },
    })
    if (!runs.includes(sorted)) bench.give(sorted)
    sorted = target
    if (isLevelsEnd && kept.has(level)) runs.push(sorted)
  }
  return { sorted, runs }
}

/** The tree to search sorted columns by. */
export const treeOf = (work: BlockWork, sorted: WorkTexture): WorkTexture => {
  const { layerBits, width, groups, levels } = work.plan
  const height = rowsOf(work) * slotsPerGroup(layerBits)
  const tree = work.bench.take({ width, height, layers: 0 })
  draw(work.gl, {
    key: `tree ${layerBits} ${width}`,
    source: () => `${prologue}${makeTree(layerBits, width)}`,
    framebuffer: tree.framebuffer,
    width,
    height,
    textures: { Entries: bound(sorted) },
    integers: {
      ...sizeUniforms(work.size),
      groups: [groups],
      rootChildren: [rootChildren(levels)],
    },
  })
  return tree
}
