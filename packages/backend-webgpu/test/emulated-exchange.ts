/**
 * Subgroups of any size on any device, by shared memory and barriers: proves the network for sizes that no device here has, and for
 * subgroups whose threads are not neighbours.
 */
import type { LaneExchange } from '../src/wgsl/lane-exchange.ts'

/**
 * @param size threads of a subgroup, a power of two.
 * @returns an exchange in which thread number t is local thread `t * 5 mod threads`, so that subgroups lie scattered.
 */
export const emulatedExchange =
  (size: number) =>
  (threads: number): LaneExchange => ({
    directives: '',
    parameters: '',
    declarations: `
var<workgroup> exchanged: array<u32, ${threads}>;
fn emulated(value: u32, thread: u32, mask: u32) -> u32 {
  exchanged[thread] = value;
  workgroupBarrier();
  let result = exchanged[thread ^ mask];
  workgroupBarrier();
  return result;
}
`,
    begin: `
  let reach = ${Math.min(size, threads)}u;
  let thread = (lane * 5u) % ${threads}u;`,
    exchanged: (value, mask) => `emulated(${value}, thread, ${mask})`,
  })
