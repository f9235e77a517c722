/**
 * A bitonic sorting network on (key, index) pairs in shared memory. Pairs are distinct, so an unstable network gives the stable order.
 */

/** Elements that a thread of the bitonic network holds in registers: three distances of the network a barrier. */
export const elementsPerThread = 8

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
export const bitonicNetwork = (threads: number): string => {
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
