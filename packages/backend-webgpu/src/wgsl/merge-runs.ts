/** The shader that merges sorted runs, for vectors beyond one tile. */
import { groupNumber, uniforms, workgroupSize } from './dispatch.ts'
import { type Emit, output } from './emit.ts'
import { order } from './order.ts'

/** Outputs of one thread of a merge, which share one binary search. */
export const mergedPerThread = 8

/**
 * Merge neighbouring sorted runs of pairs. Each thread writes ${'`mergedPerThread`'} outputs: it finds by binary search along the merge
 * path where they begin in both runs. The first run wins ties, which keeps the order stable.
 */
export const mergeRuns = (emit: Emit | 'pairs'): string => `
${uniforms}
@group(0) @binding(1) var<storage, read> runs: array<vec2u>;
${order}${groupNumber}${output(emit)}

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let threads = (u.length + ${mergedPerThread - 1}u) / ${mergedPerThread}u;
  let thread = group_number(id, groups) * ${workgroupSize}u + lane;
  let vector = thread / threads;
  if (vector >= u.vectors) { return; }
  let start = (thread % threads) * ${mergedPerThread}u;
  let stop = min(start + ${mergedPerThread}u, u.length);
  let at = vector * u.length;

  // Runs are multiples of the outputs of a thread, so a thread never crosses from one pair of runs into the next.
  let first = start / (2u * u.run) * (2u * u.run);
  let second = min(first + u.run, u.length);
  let end = min(second + u.run, u.length);
  let diagonal = start - first;
  var low = select(0u, diagonal - (end - second), diagonal > end - second);
  var high = min(diagonal, second - first);
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (runs[at + first + middle].x <= runs[at + second + diagonal - 1u - middle].x) { low = middle + 1u; } else { high = middle; }
  }
  var a = first + low;
  var b = second + diagonal - low;
  for (var position = start; position < stop; position++) {
    var pair: vec2u;
    if (a < second && (b >= end || runs[at + a].x <= runs[at + b].x)) {
      pair = runs[at + a];
      a++;
    } else {
      pair = runs[at + b];
      b++;
    }
    emit(u.first_vector + vector, position, pair.x, pair.y);
  }
}
`
