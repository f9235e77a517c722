/**
 * Prove a backend equal to the reference: check every law on generated trials and golden cases.
 *
 * Plain functions and plain data, no test runner: the same suite runs in tests, in `laperm verify` and on a web page.
 */
import type { Backend } from '@laperm/core'
import fc from 'fast-check'
import { checkGoldenCase, hasSubnormals } from './check-golden-case.ts'
import { counterexample, thrownBreach } from './counterexample.ts'
import type { GoldenCase } from './golden-case.ts'
import type { Law, Verdict } from './law.ts'
import { laws } from './laws/all-laws.ts'
import { makePace, type Pace } from './pacing.ts'
import {
  type Counterexample,
  type LawName,
  type LawReport,
  lawNames,
  type Progress,
  type Report,
} from './report.ts'
import { requireLaws } from './require-laws.ts'
import { makeTrial, planTrials, shrinkableSpec, type Trial, type TrialSpec } from './trial.ts'

/** What to check. Every setting has a default. */
export interface ConformanceOptions {
  /** Any safe integer; the same seed checks the same cases. Default 1. */
  readonly seed?: number
  /** Random trials after the boundary lengths. Default 100. */
  readonly randomTrials?: number
  /** Longest weight vector. Default 16384. */
  readonly maxLength?: number
  /** Most weights in a trial (a longer vector comes alone). Default 32768. */
  readonly maxWeights?: number
  /** Results computed elsewhere, see {@link parseGoldenCases}. Default none: the law is then reported as skipped. */
  readonly golden?: readonly GoldenCase[]
  /** Laws to check; all where it is left out. The others are reported as skipped. */
  readonly laws?: readonly LawName[]
  /** Longest stretch of work without a pause, in milliseconds, so that a page stays alive. Default 12. */
  readonly sliceMs?: number
  /** Called after every case. */
  readonly onProgress?: (progress: Progress) => void
}

const checkLaw = async <Bank>(law: Law, backend: Backend<Bank>, trial: Trial): Promise<Verdict> => {
  try {
    return await law.check(backend, trial)
  } catch (error) {
    return thrownBreach(error)
  }
}

/** Shrinking tries at most this many smaller cases. */
const MAX_SHRINKS = 200

/** A smaller trial that breaks the law too, found by fast-check, or the one given. */
const shrink = async <Bank>(
  law: Law,
  backend: Backend<Bank>,
  spec: TrialSpec,
  withSubnormals: boolean,
  pace: Pace,
): Promise<Counterexample> => {
  let smallest = spec
  let tried = 0
  const property = fc.asyncProperty(shrinkableSpec(spec.length, withSubnormals), async (candidate) => {
    await pace()
    if (tried++ > MAX_SHRINKS) return true
    if (typeof (await checkLaw(law, backend, makeTrial(candidate))) === 'string') return true
    smallest = candidate
    return false
  })
  await fc.check(property, { examples: [[spec]], numRuns: 1, seed: 0 })
  const verdict = await checkLaw(law, backend, makeTrial(smallest))
  const breach =
    typeof verdict === 'string'
      ? {
          vector: -1,
          index: -1,
          expected: 'the same outcome every time',
          got: 'a breach that did not come again',
        }
      : verdict
  return counterexample(law.name, smallest, breach)
}

/** Why a law is not checked; undefined where it is. */
const skippedReason = (
  name: LawName,
  { refusesNaN }: Pick<Backend<unknown>, 'refusesNaN'>,
  golden: readonly GoldenCase[],
  chosen: readonly LawName[],
): string | undefined => {
  if (!chosen.includes(name)) return 'it was not chosen'
  if (name === 'NaN is refused' && !refusesNaN)
    return 'the backend says that its operations do not look for NaN; whoever uses it has to'
  if (name === 'golden cases' && golden.length === 0) return 'no golden cases were given'
  return undefined
}

/**
 * Check a backend against every law.
 *
 * A law that fails is not checked further; its first counterexample is made smaller. The backend's banks are disposed as they go out of
 * use; the backend is not closed. What the backend says that it cannot (`refusesNaN`, `keepsSubnormals`) is left out, and the report
 * says so.
 *
 * @param backend any backend; its banks stay where it keeps them.
 * @param options see {@link ConformanceOptions}.
 * @returns a plain report; never rejects because of the backend (an error that it throws breaks the law in which it happens).
 * @throws RangeError (a rejection) for a law that there is none of.
 * @example
 * ```ts
 * const report = await checkBackend(coreBackend, { seed: 7, randomTrials: 20, maxLength: 256 })
 * report.passed // true
 * ```
 */
export const checkBackend = async <Bank>(
  backend: Backend<Bank>,
  options: ConformanceOptions = {},
): Promise<Report> => {
  const { seed = 1, randomTrials = 100, maxLength = 16384, maxWeights = 32768 } = options
  const { golden = [], laws: chosen = lawNames, sliceMs = 12, onProgress = () => {} } = options
  requireLaws(chosen, lawNames)
  const { keepsSubnormals } = backend
  const pace = makePace(sliceMs)
  const cases = new Map<LawName, number>(lawNames.map((name) => [name, 0]))
  const failures = new Map<LawName, Counterexample>()
  const isOpen = (name: LawName): boolean =>
    !failures.has(name) && skippedReason(name, backend, golden, chosen) === undefined
  const countCase = (name: LawName): void => {
    cases.set(name, (cases.get(name) ?? 0) + 1)
  }

  const specs = planTrials(seed, randomTrials, maxLength, maxWeights, keepsSubnormals)
  const goldenCases = keepsSubnormals ? golden : golden.filter((each) => !hasSubnormals(each))
  const total = specs.length + goldenCases.length
  let done = 0
  const report = (): void => {
    onProgress({ done: ++done, total, failed: lawNames.filter((name) => failures.has(name)) })
  }

  for (const spec of specs) {
    const trial = makeTrial(spec)
    for (const law of laws.filter(({ name }) => isOpen(name))) {
      const verdict = await checkLaw(law, backend, trial)
      if (verdict !== 'does not apply') countCase(law.name)
      if (typeof verdict !== 'string')
        failures.set(law.name, await shrink(law, backend, spec, keepsSubnormals, pace))
      await pace()
    }
    report()
  }
  for (const each of goldenCases) {
    if (isOpen('golden cases')) {
      const verdict = await checkGoldenCase(backend, each).catch(thrownBreach)
      countCase('golden cases')
      if (typeof verdict !== 'string') {
        const { length, count } = each.thetaT
        failures.set(
          'golden cases',
          counterexample('golden cases', { weights: each.name, length, count, seed }, verdict),
        )
      }
      await pace()
    }
    report()
  }

  const lawReports = lawNames.map((name): LawReport => {
    const checked = cases.get(name) ?? 0
    const failure = failures.get(name)
    const skipped = skippedReason(name, backend, golden, chosen)
    return {
      name,
      cases: checked,
      passed: failure === undefined && skipped === undefined && checked > 0,
      ...(failure === undefined ? {} : { failure }),
      ...(skipped === undefined ? {} : { skipped }),
    }
  })
  const leftOut = keepsSubnormals
    ? []
    : [
        'Weights below 2^-126 in magnitude: the device flushes them to zero.',
        ...(golden.length > goldenCases.length
          ? [
              `${golden.length - goldenCases.length} of ${golden.length} golden cases, which hold such weights.`,
            ]
          : []),
      ]
  return {
    backend: backend.name,
    passed:
      lawReports.some(({ passed }) => passed) &&
      lawReports.every(({ passed, skipped }) => passed || skipped !== undefined),
    cases: lawReports.reduce((sum, law) => sum + law.cases, 0),
    seed,
    laws: lawReports,
    leftOut,
  }
}
