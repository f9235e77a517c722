/** The shader that sorts tiles of vectors in shared memory. */
import { bitonicNetwork, elementsPerThread } from './bitonic-network.ts'
import { groupNumber, uniforms } from './dispatch.ts'
import { type Emit, output } from './emit.ts'
import { type LaneExchange, noExchange } from './lane-exchange.ts'
import { order } from './order.ts'

/** Threads that sort a tile: each holds a fixed number of its elements. */
export const threadsOf = (tile: number): number => tile / elementsPerThread

/**
 * Sort tiles in shared memory. Short vectors share a workgroup, interleaved element by element, so that neighbouring threads read neighbouring
 * addresses and take the same branches. A longer vector has a workgroup of its own, and one of several tiles has one per tile.
 *
 * @param emit `pairs` where runs are to be merged; otherwise what the last stage writes.
 * @param tile elements in shared memory, a power of two, at 8 bytes each; eight for each thread of a workgroup.
 * @param exchange how threads exchange registers beside shared memory.
 */
export const sortTiles = (
  emit: Emit | 'pairs',
  tile: number,
  exchange: LaneExchange = noExchange,
): string => {
  const threads = threadsOf(tile)
  return `${exchange.directives}
${uniforms}
@group(0) @binding(1) var<storage, read> w: array<u32>;
${order}${groupNumber}${output(emit)}
var<workgroup> keys: array<u32, ${tile}>;
var<workgroup> indexes: array<u32, ${tile}>;
${exchange.declarations}
@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32,
  ${exchange.parameters}
) {
  let number = group_number(id, groups);
  let interleave = 1u << u.interleave_log;
  let first = (number / u.tiles) << u.interleave_log;
  let tile_begin = (number % u.tiles) * u.padded;
  let held = u.padded << u.interleave_log;${exchange.begin}

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
${bitonicNetwork(exchange)}

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
