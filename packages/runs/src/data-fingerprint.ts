/** What tells one run's data from another's: a hash of each part of the examples as they are used. */
import { type FieldRules, isRecord, readFields, type SettingRule } from '@laperm/core/settings'
import type { Dataset } from '@laperm/data'
import { either as E, function as F } from 'fp-ts'
import { nodeSha256 } from './node-sha256.ts'

/** The parts that are hashed, and their names for people. */
const parts = {
  trainInputs: 'the training inputs',
  trainLabels: 'the labels of the training examples',
  testInputs: 'the test inputs',
  testLabels: 'the labels of the test examples',
} as const

const partNames = Object.keys(parts) as readonly (keyof typeof parts)[]

/** SHA-256 of each part, as hexadecimal digits. */
export type DataFingerprint = Readonly<Record<keyof typeof parts, string>>

const hashOf = (array: Uint8Array | Float32Array): string =>
  nodeSha256([new Uint8Array(array.buffer, array.byteOffset, array.byteLength)])

/**
 * Hash a run's examples.
 *
 * @param dataset already limited: examples that a run does not see do not count. Cost: one pass over all of it.
 */
export const fingerprintOf = ({ train, test }: Dataset): DataFingerprint => ({
  trainInputs: hashOf(train.inputs),
  trainLabels: hashOf(train.labels),
  testInputs: hashOf(test.inputs),
  testLabels: hashOf(test.labels),
})

/** What differs, in words. */
export const differingData = (one: DataFingerprint, other: DataFingerprint): readonly string[] =>
  partNames.filter((part) => one[part] !== other[part]).map((part) => parts[part])

const hash: SettingRule<string> = {
  says: '64 hexadecimal digits',
  holds: (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
}
const rules: FieldRules<DataFingerprint> = {
  trainInputs: hash,
  trainLabels: hash,
  testInputs: hash,
  testLabels: hash,
}

/** A saved fingerprint. */
export const parseFingerprint = (value: unknown): DataFingerprint | null =>
  isRecord(value)
    ? F.pipe(
        readFields(value, rules),
        E.getOrElseW(() => null),
      )
    : null
