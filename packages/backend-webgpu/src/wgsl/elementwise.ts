/** Shaders with one thread a weight: permuting by ranks, and the search for NaN. */
import { groupNumber, uniforms, workgroupSize } from './dispatch.ts'

/** `result[i, j] = sorted[ranks[i, j], j]`, one thread a weight. */
export const permuteByRanks = `
${uniforms}${groupNumber}
@group(0) @binding(1) var<storage, read> ranks: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
@group(0) @binding(3) var<storage, read> theta_sorted: array<u32>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let element = group_number(id, groups) * ${workgroupSize}u + lane;
  if (element >= u.length * u.count) { return; }
  result[element] = theta_sorted[u32(ranks[element]) * u.count + element % u.count];
}
`

/** The smallest row-major position of a NaN, written over a buffer that begins as 0xffffffff. */
export const firstNaN = `
${uniforms}${groupNumber}
@group(0) @binding(1) var<storage, read> w: array<u32>;
@group(0) @binding(2) var<storage, read_write> found: atomic<u32>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let element = group_number(id, groups) * ${workgroupSize}u + lane;
  if (element >= u.length * u.count) { return; }
  if ((w[element] & 0x7fffffffu) > 0x7f800000u) { atomicMin(&found, element); }
}
`
