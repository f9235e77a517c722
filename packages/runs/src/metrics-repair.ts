/** Holding `metrics.jsonl` against what a checkpoint knows of it. */

/** What becomes of the file. */
export interface MetricsRepair {
  /** The file as it was at the checkpoint. */
  readonly metrics: string
  /** What was wrong, in a sentence; null when the file begins as it did at the checkpoint. Lines behind that are measured again. */
  readonly warning: string | null
  /** Where the present file goes when it holds something else than a part of the metrics; null when it does not. */
  readonly setAside: string | null
}

/** How a file that is set aside is called, beside the names that are taken: nothing that was kept is replaced. */
export const damagedMetricsName = (taken: readonly string[]): string => {
  const name = 'metrics.jsonl.damaged'
  if (!taken.includes(name)) return name
  let number = 2
  while (taken.includes(`${name}-${number}`)) number++
  return `${name}-${number}`
}

const countLines = (text: string): number => text.split('\n').length - 1

/**
 * Decide what the file should be.
 *
 * @param found the bytes that are there.
 * @param known the file at the checkpoint.
 * @param setAside where it goes should it be damaged.
 */
export const repairMetrics = (found: Uint8Array, known: string, setAside: string): MetricsRepair => {
  const there = Buffer.from(found)
  const wanted = Buffer.from(known)
  const shared = Math.min(there.length, wanted.length)
  if (there.subarray(0, shared).equals(wanted.subarray(0, shared))) {
    if (there.length >= wanted.length) return { metrics: known, warning: null, setAside: null }
    const left = countLines(there.toString('utf8'))
    const all = countLines(known)
    return {
      metrics: known,
      warning: `metrics.jsonl had only ${left} of the ${all} lines that were written before the checkpoint; the others were restored from it`,
      setAside: null,
    }
  }
  const first = there.findIndex((byte, at) => byte !== wanted[at])
  const line = countLines(there.subarray(0, first).toString('utf8')) + 1
  return {
    metrics: known,
    warning: `metrics.jsonl was damaged in line ${line}; its ${countLines(known)} lines up to the checkpoint were restored from it, and the file that was there is kept as ${setAside}`,
    setAside,
  }
}
