/**
 * A bitonic sorting network on (key, index) pairs. Pairs are distinct, so an unstable network gives the stable order.
 *
 * Each thread holds eight elements in registers and compares its own at distances 1, 2 and 4. Larger distances are between threads: those within a
 * subgroup exchange registers, all others go through shared memory, three distances between two barriers.
 */
import type { LaneExchange } from './lane-exchange.ts'

/** Elements that a thread of the network holds in registers. */
export const elementsPerThread = 8

const each = Array.from({ length: elementsPerThread }, (_, element) => element)
const forEach = (code: (element: number) => string): string => each.map(code).join('\n    ')

/** Swap elements a and b of a thread's registers where they are not in the wanted order. */
const compareExchange = (a: number, b: number, ascending: string): string => `
    {
      let swap = (k${b} < k${a} || (k${b} == k${a} && i${b} < i${a})) == ${ascending};
      let k = select(k${b}, k${a}, swap); k${a} = select(k${a}, k${b}, swap); k${b} = k;
      let i = select(i${b}, i${a}, swap); i${a} = select(i${a}, i${b}, swap); i${b} = i;
    }`

/** The network's step at one distance, counted in register elements. */
const step = (distance: number, ascending: (element: number) => string): string =>
  each
    .filter((a) => (a & distance) === 0)
    .map((a) => compareExchange(a, a + distance, ascending(a)))
    .join('')

const up = (): string => 'up'

/** All three distances between a thread's own elements. */
const ownSteps = (ascending: (element: number) => string, from = 4): string =>
  [4, 2, 1]
    .filter((distance) => distance <= from)
    .map((distance) => step(distance, ascending))
    .join('')

/** Take eight elements that lie \`stride\` apart from shared memory into registers. */
const take = (stride: string): string => `
    let group = thread >> u.interleave_log;
    let base = ((group & ~(${stride} - 1u)) << 3u) | (group & (${stride} - 1u));
    let at = (base << u.interleave_log) | (thread & (interleave - 1u));
    let apart = ${stride} << u.interleave_log;
    ${forEach((i) => `var k${i} = keys[at + ${i}u * apart]; var i${i} = indexes[at + ${i}u * apart];`)}`

const put = `
    ${forEach((i) => `keys[at + ${i}u * apart] = k${i}; indexes[at + ${i}u * apart] = i${i};`)}`

/** The network's steps between threads, from \`distance\` down: of each pair the lower thread keeps the lower element, or the higher. */
const exchangeSteps = ({ exchanged }: LaneExchange): string =>
  exchanged === undefined
    ? ''
    : `
    for (var mask = (distance >> 3u) << u.interleave_log; mask >= interleave; mask >>= 1u) {
      let keeps_lower = ((thread & mask) == 0u) == up;
      ${forEach(
        (i) => `{
      let k = ${exchanged(`k${i}`, 'mask')};
      let i = ${exchanged(`i${i}`, 'mask')};
      let taken = (k < k${i} || (k == k${i} && i < i${i})) == keeps_lower;
      k${i} = select(k${i}, k, taken); i${i} = select(i${i}, i, taken);
    }`,
      )}
    }`

/**
 * The whole network over the arrays `keys` and `indexes` in shared memory. The caller puts a barrier before and after it.
 *
 * @param exchange how threads exchange registers; its `begin` comes before this code.
 */
export const bitonicNetwork = (exchange: LaneExchange): string => {
  const constant = (sequence: number) => (element: number) => String((element & sequence) === 0)
  // Sequences within the reach of an exchange need no shared memory.
  const withinReach =
    exchange.exchanged === undefined
      ? ''
      : `
    while (sequence < u.padded && ((sequence >> 3u) << u.interleave_log) < reach) {
      let distance = sequence;
      sequence <<= 1u;
      up = (base & sequence) == 0u;${exchangeSteps(exchange)}${ownSteps(up)}
    }`
  return `
  var sequence = 8u;
  {${take('1u')}
    var up = (base & 8u) == 0u;${ownSteps(constant(2), 1)}${ownSteps(constant(4), 2)}${ownSteps(up)}${withinReach}${put}
  }
  workgroupBarrier();
  while (sequence < u.padded) {
    var distance = sequence;
    sequence <<= 1u;
    while (((distance >> 3u) << u.interleave_log) >= reach) {
      let stride = distance >> 2u;${take('stride')}
      let up = (base & sequence) == 0u;${ownSteps(up)}${put}
      distance >>= 3u;
      workgroupBarrier();
    }
    {${take('1u')}
      let up = (base & sequence) == 0u;${exchangeSteps(exchange)}
      if (distance >= 4u) {${step(4, up)} }
      if (distance >= 2u) {${step(2, up)} }${step(1, up)}${put}
    }
    workgroupBarrier();
  }`
}
