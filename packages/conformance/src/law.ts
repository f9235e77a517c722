/**
 * What a law is, and how it says where it was broken.
 */
import type { Backend, WeightVectors } from '@laperm/core'
import type { LawName } from './report.ts'
import type { Trial } from './trial.ts'

/** Where and how a result differs from what it must be. */
export interface Breach {
  readonly vector: number
  readonly index: number
  readonly expected: string
  readonly got: string
}

/** `holds`; `does not apply` to this trial; or the first breach. */
export type Verdict = 'holds' | 'does not apply' | Breach

/** A law, checked on one trial at a time. It may throw whatever the backend throws. */
export interface Law {
  readonly name: LawName
  readonly check: <Bank>(backend: Backend<Bank>, trial: Trial) => Promise<Verdict>
}

const bitsOf = ({ values }: WeightVectors): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length)

/** Float32 bits in hexadecimal with the number behind them: `0x3f800000 (1)`. */
export const showBits = (bits: number): string => {
  const value = new Float32Array(Uint32Array.of(bits).buffer)[0]
  return `0x${bits.toString(16).padStart(8, '0')} (${Object.is(value, -0) ? '-0' : value})`
}

/** Whether two matrices of weight vectors are equal in size and bits; else the first difference, vector by vector. */
export const compareBits = (got: WeightVectors, expected: WeightVectors): Verdict => {
  const { length, count } = expected
  if (got.length !== length || got.count !== count || got.values.length !== expected.values.length)
    return {
      vector: -1,
      index: -1,
      expected: `size [${length}, ${count}]`,
      got: `size [${got.length}, ${got.count}] with ${got.values.length} values`,
    }
  const a = bitsOf(got)
  const b = bitsOf(expected)
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < length; i++) {
      const p = i * count + j
      if (a[p] !== b[p]) return { vector: j, index: i, expected: showBits(b[p]), got: showBits(a[p]) }
    }
  }
  return 'holds'
}

/** The first verdict that is not `holds`, or `holds`. */
export const firstBreach = (...verdicts: readonly Verdict[]): Verdict =>
  verdicts.find((verdict) => verdict !== 'holds') ?? 'holds'
