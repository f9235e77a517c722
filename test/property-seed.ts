/**
 * One seed for every property test, so that two runs of the same sources draw the same cases. `LAPERM_SEED` gives another one, and
 * `LAPERM_SEED=random` lets fast-check draw its own, which it prints with a counterexample.
 */
import fc from 'fast-check'

const { LAPERM_SEED: wanted = '20031002' } = process.env
if (wanted !== 'random') {
  const seed = Number(wanted)
  if (!Number.isInteger(seed))
    throw new RangeError(`LAPERM_SEED is ${wanted}: must be an integer or "random"`)
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
}
