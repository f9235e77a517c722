/**
 * A report for people.
 */
import type { LawReport, Report } from './report.ts'

const renderLaw = ({ name, cases, passed, failure, skipped }: LawReport): string => {
  if (skipped !== undefined) return `- skipped  ${name}: ${skipped}`
  if (failure !== undefined) return `x FAILED   ${failure.description}`
  return passed ? `+ holds    ${name} (${cases} cases)` : `x UNKNOWN  ${name}: no case said anything about it`
}

/**
 * A report as lines of text: the verdict, a line a law, and what was left out.
 *
 * @example
 * ```ts
 * console.log(renderReport(await checkBackend(coreBackend)))
 * ```
 */
export const renderReport = (report: Report): string =>
  [
    `Backend ${report.backend} ${report.passed ? 'equals the reference' : 'does NOT equal the reference'}: ${report.cases} cases, seed ${report.seed}.`,
    ...report.laws.map(renderLaw),
    ...report.leftOut.map((sentence) => `Left out: ${sentence}`),
  ].join('\n')
