/** The shader that sorts tiles of vectors in shared memory. */
import { bitonicNetwork, elementsPerThread } from './bitonic-network.ts'
import { groupNumber, uniforms, workgroupSize } from './dispatch.ts'
import { type Emit, output } from './emit.ts'
import { order } from './order.ts'

/**
 * Sort tiles in shared memory. Short vectors share a workgroup, interleaved element by element, so that neighbouring threads read
 * neighbouring addresses and take the same branches; a longer vector has a workgroup of its own; beyond, each tile has one.
 *
 * @param emit `pairs` where runs are to be merged; otherwise what the last stage writes.
 * @param tile elements in shared memory, a power of two, at 8 bytes each.
 */
export const sortTiles = (emit: Emit | 'pairs', tile: number): string => {
  const threads = Math.min(workgroupSize, tile / elementsPerThread)
  return `
${uniforms}
@group(0) @binding(1) var<storage, read> w: array<u32>;
${order}${groupNumber}${output(emit)}
var<workgroup> keys: array<u32, ${tile}>;
var<workgroup> indexes: array<u32, ${tile}>;

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let number = group_number(id, groups);
  let interleave = 1u << u.interleave_log;
  let first = (number / u.tiles) << u.interleave_log;
  let tile_begin = (number % u.tiles) * u.padded;
  let held = u.padded << u.interleave_log;

  // A slot beyond the vector is the largest pair of all: an index that no weight has, so it stays behind even a NaN.
  for (var slot = lane; slot < held; slot += ${threads}u) {
    let index = tile_begin + (slot >> u.interleave_log);
    let vector = first + (slot & (interleave - 1u));
    var key = 0xffffffffu;
    if (index < u.length && vector < u.vectors) { key = key_of(w[index * u.count + u.first_vector + vector]); }
    keys[slot] = key;
    indexes[slot] = index;
  }
  workgroupBarrier();
${bitonicNetwork(threads)}

  for (var slot = lane; slot < held; slot += ${threads}u) {
    let position = tile_begin + (slot >> u.interleave_log);
    let vector = first + (slot & (interleave - 1u));
    if (position < u.length && vector < u.vectors) {
      emit(u.first_vector + vector, position, keys[slot], indexes[slot]);
    }
  }
}
`
}
