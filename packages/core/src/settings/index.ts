/**
 * For those who read settings from outside, a file or a command line: rules of single settings, checks that throw which rule is broken, and `settle`,
 * which makes an `Either` of them. The checks of whole specs (`checkLearningRate`, ...) are in `@laperm/core`.
 */
export {
  checkInteger,
  checkKind,
  checkList,
  checkName,
  checkRecord,
  checkSetting,
  requireSetting,
} from './checks.ts'
export { refuse, type SettingError, SettingProblem, settle } from './setting-problem.ts'
export { numberRule, positive, type SettingRule, share, truth } from './setting-rule.ts'
