/**
 * How the threads of a pool share a synchronization: it is cut into parts. Each thread has a stretch of them, and who has finished helps the
 * others, so that a thread that the machine holds up does less.
 *
 * A stretch is of neighbours, so that threads seldom write to cache lines side by side. A thread starts to write when all weights have been
 * looked at: until then it waits for the others.
 */
import { GROUP_COLUMNS, LINE_COLUMNS } from './block-plan.ts'
import type { KernelFunctions } from './kernel.ts'
import { type SyncInMemory, syncInMemory } from './memory-layout.ts'

/** Weights that are looked at in one go: a few microseconds. */
const SCAN_WEIGHTS = 1 << 16

/** Fewer weights are not worth a part: they are synchronized in the time that waking a thread takes. */
const MIN_PART_WEIGHTS = 1 << 13

/** Words that all threads see: parts looked at, whether there was a NaN, then of each thread's stretches how many parts of both kinds are taken. */
export type PartCounts = Int32Array
const SCANS_DONE = 0
const NAN_FOUND = 1
const FIRST_TAKEN = 2

/** More parts than there can be, and room for counting on: some may be looked at still. */
const ALL = 2 ** 30

/** Columns of a part: whole cache lines of a row where every thread gets some, else whole groups. */
export const columnsOfPart = (length: number, count: number, threads: number): number => {
  const grain = count >= 2 * LINE_COLUMNS * threads ? LINE_COLUMNS : GROUP_COLUMNS
  return grain * Math.ceil(Math.max(grain, MIN_PART_WEIGHTS / length) / grain)
}

/** Counts for a number of threads, in memory that they share. */
export const makePartCounts = (threads: number): PartCounts =>
  new Int32Array(new SharedArrayBuffer(4 * (FIRST_TAKEN + 2 * threads)))

/** Nothing has been done. Only while no thread works. */
export const resetParts = (counts: PartCounts): void => {
  counts.fill(0)
}

/** Let threads go on that wait for one that has ended: nothing more is written. */
export const abandonParts = (counts: PartCounts): void => {
  Atomics.store(counts, NAN_FOUND, 1)
  Atomics.store(counts, SCANS_DONE, ALL)
  Atomics.notify(counts, SCANS_DONE)
}

/** A thread among those that share a synchronization. */
export interface PartTaker {
  readonly counts: PartCounts
  /** From 0 on. */
  readonly thread: number
  readonly threads: number
}

/** The next part of `parts` for a thread, of its own stretch while there are some; -1 when all are taken. `taken` is where parts are counted. */
const takePart = ({ counts, thread, threads }: PartTaker, taken: number, parts: number): number => {
  for (let k = 0; k < threads; k++) {
    const owner = (thread + k) % threads
    const first = Math.floor((owner * parts) / threads)
    const end = Math.floor(((owner + 1) * parts) / threads)
    if (Atomics.load(counts, taken + owner) >= end - first) continue
    const part = first + Atomics.add(counts, taken + owner, 1)
    if (part < end) return part
  }
  return -1
}

/** Look for NaN in `count` weights, and wait until all of them have been looked at. @returns whether there is one. */
const scanParts = (run: KernelFunctions, taker: PartTaker, at: number, count: number): boolean => {
  const { counts } = taker
  const parts = Math.ceil(count / SCAN_WEIGHTS)
  for (let part = 0; (part = takePart(taker, FIRST_TAKEN, parts)) >= 0; ) {
    const first = SCAN_WEIGHTS * part
    const found = run.hasNaN(at + 4 * first, Math.min(SCAN_WEIGHTS, count - first))
    if (found !== 0) Atomics.store(counts, NAN_FOUND, 1)
    if (Atomics.add(counts, SCANS_DONE, 1) === parts - 1) Atomics.notify(counts, SCANS_DONE)
  }
  for (let done = 0; (done = Atomics.load(counts, SCANS_DONE)) < parts; )
    Atomics.wait(counts, SCANS_DONE, done)
  return Atomics.load(counts, NAN_FOUND) !== 0
}

/**
 * A thread's share of a synchronization: parts as long as there are any.
 *
 * @param work address of the thread's work space.
 * @param columns of a part.
 * @returns whether a weight is NaN: nothing has been written then, by any thread.
 */
export const syncParts = (
  run: KernelFunctions,
  taker: PartTaker,
  work: number,
  task: SyncInMemory,
  columns: number,
): boolean => {
  if (scanParts(run, taker, task.w, task.length * task.count)) return true
  const parts = Math.ceil(task.count / columns)
  for (let part = 0; (part = takePart(taker, FIRST_TAKEN + taker.threads, parts)) >= 0; ) {
    const first = columns * part
    syncInMemory(run, work, { ...task, first, columns: Math.min(columns, task.count - first) })
  }
  return false
}
