/**
 * For those who read settings from outside, a file or a command line: rules of single settings, checks that throw which rule is broken, and `settle`,
 * which makes an `Either` of them; and records that were saved as JSON, read back by rules of their fields. The checks of whole specs (`checkLearningRate`, ...) are in `@laperm/core`.
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
export {
  amount,
  type BrokenField,
  type FieldRules,
  finite,
  isRecord,
  listRule,
  optional,
  orNull,
  readFields,
  recordRule,
  text,
} from './saved-record.ts'
export { refuse, type SettingError, SettingProblem, settle } from './setting-problem.ts'
export { numberRule, oneOf, positive, type SettingRule, share, truth } from './setting-rule.ts'
