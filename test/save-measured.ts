/** Counts of a test that are worth keeping: printed always, and written into a page of `docs/results` where `LAPERM_SAVE` is set. */
import { fileURLToPath } from 'node:url'
import { type MeasuredBlock, saveBlock } from '../benchmarks/src/harness/results-page.ts'

const { LAPERM_SAVE: isSaved } = process.env

/** @param page of `docs/results`, without its ending. */
export const saveMeasured = (page: string, block: MeasuredBlock): void => {
  console.log(block.table)
  if (isSaved === undefined) return
  saveBlock(fileURLToPath(new URL(`../docs/results/${page}.md`, import.meta.url)), block)
}
