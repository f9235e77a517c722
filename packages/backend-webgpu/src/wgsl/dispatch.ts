/**
 * What every shader has in common: threads in a workgroup, the uniforms of a dispatch, and its folded workgroup numbers.
 */

/** Threads in a workgroup: the smallest limit that WebGPU guarantees. */
export const workgroupSize = 256

/** The uniforms of every shader: sixteen 32-bit words, in the order of {@link Uniforms}. */
export const uniforms = `
struct Uniforms {
  length: u32,         // weights in a vector
  count: u32,          // vectors, the row stride
  first_vector: u32,   // first vector of this dispatch
  vectors: u32,        // vectors of this dispatch
  padded: u32,         // power of two: elements of a vector in one tile
  interleave_log: u32, // log2 of the vectors in one workgroup
  tiles: u32,          // tiles of a vector
  run: u32,            // length of the sorted runs that are merged
  groups: u32,         // workgroups that have work
}
@group(0) @binding(0) var<uniform> u: Uniforms;
`

/** Numbers for one dispatch, in the order of the shader's struct. */
export interface Uniforms {
  readonly length: number
  readonly count: number
  readonly firstVector: number
  readonly vectors: number
  readonly padded: number
  readonly interleaveLog: number
  readonly tiles: number
  readonly run: number
  readonly groups: number
}

/** The words of the uniform buffer. */
export const uniformWords = (u: Uniforms): Uint32Array<ArrayBuffer> =>
  Uint32Array.of(
    u.length,
    u.count,
    u.firstVector,
    u.vectors,
    u.padded,
    u.interleaveLog,
    u.tiles,
    u.run,
    u.groups,
  )

/** Number of this workgroup where a dispatch is folded into two dimensions. */
export const groupNumber = `
fn group_number(id: vec3u, groups: vec3u) -> u32 { return id.y * groups.x + id.x; }
`
