/**
 * How the threads of a workgroup exchange registers without shared memory: by the shuffles of their subgroup.
 *
 * WebGPU does not say before a shader runs how large a subgroup is (4 to 128 threads, and a device may choose another size for each shader), nor
 * which threads are in one. So the shader numbers its subgroups at the start, and then its threads: the number of the subgroup times its size plus
 * the place in it. A shuffle by `mask` then reads from thread `number ^ mask`.
 */

/** Code that a sorting shader is completed with. */
export interface LaneExchange {
  /** What must stand first in the shader. */
  readonly directives: string
  /** Further parameters of the entry point. */
  readonly parameters: string
  readonly declarations: string
  /**
   * Statements after which `thread` numbers the threads from 0, and the uniform `reach`, a power of two, says how far they can exchange:
   * every mask below it is allowed. With 1 nothing can be exchanged.
   */
  readonly begin: string
  /** An expression of the value that thread `thread ^ mask` holds; left out where nothing can be exchanged. */
  readonly exchanged?: (value: string, mask: string) => string
}

/**
 * Exchange by subgroup shuffles; needs the device feature `subgroups`.
 *
 * All subgroups must be full and of one size: `k` subgroups of size `s` then hold `k * s` threads, which every thread checks. Otherwise `reach` is 1
 * and the whole network goes through shared memory.
 *
 * @param threads threads of the workgroup.
 */
export const subgroupExchange = (threads: number): LaneExchange => ({
  directives: 'enable subgroups;',
  parameters: '@builtin(subgroup_size) subgroup_size: u32, @builtin(subgroup_invocation_id) place: u32',
  declarations: `
var<workgroup> subgroups: atomic<u32>;
var<workgroup> misfits: atomic<u32>;
var<workgroup> common_reach: u32;
`,
  begin: `
  var subgroup = 0u;
  if (subgroupElect()) { subgroup = atomicAdd(&subgroups, 1u); }
  subgroup = subgroupBroadcastFirst(subgroup);
  workgroupBarrier();
  if (atomicLoad(&subgroups) * subgroup_size != ${threads}u) { atomicStore(&misfits, 1u); }
  workgroupBarrier();
  if (lane == 0u) { common_reach = select(subgroup_size, 1u, atomicLoad(&misfits) != 0u); }
  let reach = workgroupUniformLoad(&common_reach);
  let thread = select(subgroup * subgroup_size + place, lane, reach == 1u);`,
  exchanged: (value, mask) => `subgroupShuffleXor(${value}, ${mask})`,
})

/** Exchange through shared memory alone, which every device has. */
export const noExchange: LaneExchange = {
  directives: '',
  parameters: '',
  declarations: '',
  begin: `
  let reach = 1u;
  let thread = lane;`,
}
