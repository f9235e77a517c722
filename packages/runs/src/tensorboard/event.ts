/**
 * An event as TensorBoard reads it: a step, and values under tags.
 *
 * Field numbers are those of TensorFlow's `event.proto` and `summary.proto`; scalars are `simple_value`s and histograms `histo`s, as PyTorch
 * writes them.
 *
 * @see https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto
 */
import { PbfReader, PbfWriter } from 'pbf'
import type { Histogram } from './histogram.ts'

/** Values of one step. Scalars and histograms are never in one event. */
export type StepEvent =
  | { readonly kind: 'scalars'; readonly step: number; readonly values: Readonly<Record<string, number>> }
  | {
      readonly kind: 'histograms'
      readonly step: number
      readonly values: Readonly<Record<string, Histogram>>
    }

/** What an event of a file is, without its values. */
export interface EventHead {
  readonly kind: StepEvent['kind'] | 'version'
  readonly step: number
}

const writeHistogram = (histogram: Histogram, pbf: PbfWriter): void => {
  pbf.writeDoubleField(1, histogram.min)
  pbf.writeDoubleField(2, histogram.max)
  pbf.writeDoubleField(3, histogram.count)
  pbf.writeDoubleField(4, histogram.sum)
  pbf.writeDoubleField(5, histogram.sumOfSquares)
  pbf.writePackedDouble(6, [...histogram.limits])
  pbf.writePackedDouble(7, [...histogram.counts])
}

const writeValue = ([tag, value]: readonly [string, number | Histogram], pbf: PbfWriter): void => {
  pbf.writeStringField(1, tag)
  if (typeof value === 'number') pbf.writeFloatField(2, value)
  else pbf.writeMessage(5, writeHistogram, value)
}

const writeSummary = (values: StepEvent['values'], pbf: PbfWriter): void => {
  for (const entry of Object.entries<number | Histogram>(values)) pbf.writeMessage(1, writeValue, entry)
}

/** The event that a file begins with. @param time in seconds since 1970. */
export const encodeVersion = (time: number): Uint8Array => {
  const pbf = new PbfWriter()
  pbf.writeDoubleField(1, time)
  pbf.writeStringField(3, 'brain.Event:2')
  return pbf.finish()
}

/** An event's bytes. @param time in seconds since 1970: TensorBoard's axes "relative" and "wall". */
export const encodeEvent = ({ step, values }: StepEvent, time: number): Uint8Array => {
  const pbf = new PbfWriter()
  pbf.writeDoubleField(1, time)
  pbf.writeVarintField(2, step)
  pbf.writeMessage(5, writeSummary, values)
  return pbf.finish()
}

interface Reading {
  kind: EventHead['kind'] | null
  step: number
}

const readValue = (field: number, reading: Reading): void => {
  if (field === 2) reading.kind = 'scalars'
  if (field === 5) reading.kind = 'histograms'
}

const readSummary = (field: number, reading: Reading, pbf: PbfReader): void => {
  if (field === 1) pbf.readMessage(readValue, reading)
}

const readField = (field: number, reading: Reading, pbf: PbfReader): void => {
  if (field === 2) reading.step = pbf.readVarint()
  if (field === 3) reading.kind = 'version'
  if (field === 5) pbf.readMessage(readSummary, reading)
}

/** What an event is; null where the bytes are none that {@link encodeEvent} or {@link encodeVersion} made. */
export const readEventHead = (bytes: Uint8Array): EventHead | null => {
  try {
    const { kind, step } = new PbfReader(bytes).readFields<Reading>(readField, { kind: null, step: 0 })
    return kind === null ? null : { kind, step }
  } catch {
    // The reader throws on fields that no protobuf has.
    return null
  }
}
