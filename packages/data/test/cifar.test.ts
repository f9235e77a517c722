import { describe, expect, it } from 'vitest'
import { DataProblem } from '../src/data-problem.ts'
import { cifar10 } from '../src/datasets/cifar10.ts'
import { type CifarBatch, cifarRecordBytes, parseCifarBatches } from '../src/formats/cifar.ts'

const recordBytes = cifarRecordBytes(cifar10)
const parse = (batches: readonly CifarBatch[]) => parseCifarBatches(batches, cifar10)

/** One record: a label, and the value `f(channel, place)`. */
const record = (label: number, f: (channel: number, place: number) => number): Uint8Array => {
  const bytes = new Uint8Array(recordBytes)
  bytes[0] = label
  for (let c = 0; c < 3; c++) for (let j = 0; j < 1024; j++) bytes[1 + 1024 * c + j] = f(c, j)
  return bytes
}
const join = (...records: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(records))

describe('parseCifarBatches', () => {
  const one = record(3, (c, j) => (c * 80 + j) & 255)
  const two = record(9, (c, j) => (j * 3 + c) & 255)

  it('puts the colours of a pixel side by side and batches behind one another', () => {
    const {
      inputs: images,
      labels,
      count,
    } = parse([
      { file: 'a', bytes: join(one, two) },
      { file: 'b', bytes: one },
    ])
    expect(count).toBe(3)
    expect([...labels]).toEqual([3, 9, 3])
    // Row 2, column 5 is place 69 of each plane: 69, 149, 229 in the first record; 207, 208, 209 in the second.
    expect([...images.subarray(69 * 3, 69 * 3 + 3)]).toEqual([69, 149, 229])
    expect([...images.subarray(3072 + 69 * 3, 3072 + 69 * 3 + 3)]).toEqual([207, 208, 209])
    expect([...images.subarray(6144)]).toEqual([...images.subarray(0, 3072)])
  })

  it('lies in memory that workers can share', () => {
    expect(parse([{ file: 'a', bytes: one }]).inputs.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('refuses a label that is no class, naming file and example', () => {
    const run = () =>
      parse([
        { file: 'a', bytes: one },
        {
          file: 'b',
          bytes: join(
            two,
            record(10, () => 0),
          ),
        },
      ])
    expect(run).toThrow(DataProblem)
    expect(run).toThrow('b: the label of example 1 is 10, but must be below 10')
  })

  it('refuses a batch that holds no whole number of records, or none, or too many', () => {
    for (const size of [0, recordBytes - 1, recordBytes + 1, recordBytes * 10_001])
      expect(() => parse([{ file: 'a', bytes: new Uint8Array(size) }])).toThrow(
        `a: holds ${size.toLocaleString('en-US')} bytes`,
      )
  })
})
