/** Holding `metrics.jsonl` against what a checkpoint knows of it. */

/** What becomes of the file. */
export interface MetricsRepair {
  /** The file as it was at the checkpoint. */
  readonly metrics: string
  /** What was wrong, in a sentence; null when the file begins as it did at the checkpoint. Lines behind that are measured again. */
  readonly warning: string | null
  /** Whether the present file holds something else than a part of the metrics: it is set aside then, not overwritten. */
  readonly setAside: boolean
}

/** How a file that was set aside is called. */
export const damagedMetrics = 'metrics.jsonl.damaged'

const countLines = (text: string): number => text.split('\n').length - 1

/**
 * Decide what the file should be.
 *
 * @param found the bytes that are there.
 * @param known the file at the checkpoint.
 */
export const repairMetrics = (found: Uint8Array, known: string): MetricsRepair => {
  const there = Buffer.from(found)
  const wanted = Buffer.from(known)
  const shared = Math.min(there.length, wanted.length)
  if (there.subarray(0, shared).equals(wanted.subarray(0, shared))) {
    if (there.length >= wanted.length) return { metrics: known, warning: null, setAside: false }
    const left = countLines(there.toString('utf8'))
    const all = countLines(known)
    return {
      metrics: known,
      warning: `metrics.jsonl had only ${left} of the ${all} lines that were written before the checkpoint; the others were restored from it`,
      setAside: false,
    }
  }
  const first = there.findIndex((byte, at) => byte !== wanted[at])
  const line = countLines(there.subarray(0, first).toString('utf8')) + 1
  return {
    metrics: known,
    warning: `metrics.jsonl was damaged in line ${line}; its ${countLines(known)} lines up to the checkpoint were restored from it, and the file that was there is kept as ${damagedMetrics}`,
    setAside: true,
  }
}
