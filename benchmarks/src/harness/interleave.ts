/**
 * Measures several contenders in turns within one run, so that a slow minute of the machine slows all of them alike
 * and their ratios hold.
 */
import { type Spread, spreadOf } from './statistics.ts'

/** Something to be timed. */
export interface Contender {
  readonly name: string
  /** Do the work once and say how long it took, in milliseconds. The result must be consumed or checked inside. */
  readonly measure: () => Promise<number>
}

/** Each contender's time, in milliseconds. */
export type Times = ReadonlyMap<string, Spread>

/**
 * Take turns for `rounds` rounds after `warmup` unmeasured ones; every other round runs in reverse order.
 */
export const interleave = async (
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly warmup: number },
): Promise<Times> => {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let round = -options.warmup; round < options.rounds; round++) {
    const turn = round % 2 === 0 ? contenders : [...contenders].reverse()
    for (const { name, measure } of turn) {
      const elapsedMs = await measure()
      if (round >= 0) times.get(name)?.push(elapsedMs)
    }
  }
  return new Map([...times].map(([name, measured]) => [name, spreadOf(measured)]))
}
