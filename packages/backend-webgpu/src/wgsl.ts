/**
 * The compute shaders: a bitonic sort of (key, index) pairs in shared memory, merges beyond it, and what the last stage writes.
 *
 * Weights are bound as `u32`: every comparison and every copy is of bits, so that no device's float arithmetic (which may flush
 * subnormals) can change an order or a value. Pairs are distinct, so an unstable network gives the stable order.
 */

/** What the last stage writes at the end of a sort. */
export type Emit = 'sort' | 'rank' | 'sync'

/** Threads in a workgroup: the smallest limit that WebGPU guarantees. */
export const workgroupSize = 256

/** Elements that a thread of the bitonic network holds in registers: three distances of the network a barrier. */
const elementsPerThread = 8

/** Outputs of one thread of a merge: the binary search is paid once for so many. */
export const mergedPerThread = 8

/** The uniforms of every shader: sixteen 32-bit words, in the order of {@link Uniforms}. */
const uniforms = `
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

/** Ascending unsigned integers for ascending floats: both zeros share a key, every NaN is last. `bits_of` turns a key back, zeros as +0. */
const order = `
fn key_of(bits: u32) -> u32 {
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return 0xffffffffu; }
  if (magnitude == 0u) { return 0x80000000u; }
  return select(~bits, bits | 0x80000000u, bits == magnitude);
}
fn bits_of(key: u32) -> u32 {
  if (key == 0xffffffffu) { return 0x7fc00000u; }
  return select(~key, key & 0x7fffffffu, (key & 0x80000000u) != 0u);
}
`

/** Number of this workgroup where a dispatch is folded into two dimensions. */
const groupNumber = `
fn group_number(id: vec3u, groups: vec3u) -> u32 { return id.y * groups.x + id.x; }
`

/** Bindings of the last stage, and \`emit\`, which writes what the weight at \`position\` of the order, \`index\` in its vector, gives. */
const lastStage = (emit: Emit): string => {
  const bindings = `
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
${emit === 'sync' ? '@group(0) @binding(3) var<storage, read> theta_sorted: array<u32>;' : ''}
fn emit(vector: u32, position: u32, key: u32, index: u32) {`
  switch (emit) {
    case 'sort':
      return `${bindings} result[position * u.count + vector] = bits_of(key); }`
    case 'rank':
      return `${bindings} result[index * u.count + vector] = bitcast<u32>(f32(position)); }`
    case 'sync':
      return `${bindings} result[index * u.count + vector] = theta_sorted[position * u.count + vector]; }`
    default:
      return emit satisfies never
  }
}

/** Bindings of a stage that leaves sorted runs of pairs for a merge: vectors one after the other. */
const pairStage = `
@group(0) @binding(2) var<storage, read_write> pairs: array<vec2u>;
fn emit(vector: u32, position: u32, key: u32, index: u32) {
  pairs[(vector - u.first_vector) * u.length + position] = vec2u(key, index);
}
`

/** Swap elements a and b of a thread's registers where they are not in the wanted order. */
const compareExchange = (a: number, b: number, ascending: string): string => `
    {
      let swap = (k${b} < k${a} || (k${b} == k${a} && i${b} < i${a})) == ${ascending};
      let k = select(k${b}, k${a}, swap); k${a} = select(k${a}, k${b}, swap); k${b} = k;
      let i = select(i${b}, i${a}, swap); i${a} = select(i${a}, i${b}, swap); i${b} = i;
    }`

/** The network's steps at the distances `from`, `from / 2` ... 1, counted in register elements. */
const steps = (elements: number, from: number, ascending: (element: number) => string): string => {
  const code: string[] = []
  for (let distance = from; distance > 0; distance >>= 1)
    for (let a = 0; a < elements; a++)
      if ((a & distance) === 0) code.push(compareExchange(a, a + distance, ascending(a)))
  return code.join('')
}

/**
 * One pass over shared memory: each thread takes `elements` elements that lie `stride` apart into registers, orders them as the
 * network wants, and puts them back.
 */
const networkPass = (elements: number, stride: string, threads: number, body: string): string => {
  const each = Array.from({ length: elements }, (_, element) => element)
  const log = Math.log2(elements)
  return `
  for (var work = lane; work < (held >> ${log}u); work += ${threads}u) {
    let group = work >> u.interleave_log;
    let base = ((group & ~(${stride} - 1u)) << ${log}u) | (group & (${stride} - 1u));
    let at = (base << u.interleave_log) | (work & (interleave - 1u));
    let step = ${stride} << u.interleave_log;
    ${each.map((i) => `var k${i} = keys[at + ${i}u * step]; var i${i} = indexes[at + ${i}u * step];`).join('\n    ')}
    let up = (base & sequence) == 0u;${body}
    ${each.map((i) => `keys[at + ${i}u * step] = k${i}; indexes[at + ${i}u * step] = i${i};`).join('\n    ')}
  }
  workgroupBarrier();`
}

/** The whole network: eight neighbours at once in registers, then every longer sequence, three distances a pass. */
const bitonicNetwork = (threads: number): string => {
  const pass = (elements: number, stride: string): string =>
    networkPass(
      elements,
      stride,
      threads,
      steps(elements, elements / 2, () => 'up'),
    )
  const constant = (sequence: number) => (element: number) => String((element & sequence) === 0)
  const neighbours = `${steps(8, 1, constant(2))}${steps(8, 2, constant(4))}${steps(8, 4, () => 'up')}`
  return `
  {
  let sequence = 8u;${networkPass(8, '1u', threads, neighbours)}
  }
  for (var sequence = 16u; sequence <= u.padded; sequence <<= 1u) {
    var distance = sequence >> 1u;
    while (distance >= 4u) {
      let stride = distance >> 2u;${pass(8, 'stride')}
      distance >>= 3u;
    }
    if (distance == 2u) {${pass(4, '1u')}
    }
    if (distance == 1u) {${pass(2, '1u')}
    }
  }`
}

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
${order}${groupNumber}${emit === 'pairs' ? pairStage : lastStage(emit)}
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

/**
 * Merge neighbouring sorted runs of pairs. Each thread writes ${'`mergedPerThread`'} outputs: it finds by binary search along the merge
 * path where they begin in both runs. The first run wins ties, which keeps the order stable.
 */
export const mergeRuns = (emit: Emit | 'pairs'): string => `
${uniforms}
@group(0) @binding(1) var<storage, read> runs: array<vec2u>;
${order}${groupNumber}${emit === 'pairs' ? pairStage : lastStage(emit)}

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
