/** What an augmentation may be: said once, for people who set it and for programs that use it. */
import { checkRecord, checkSetting, numberRule, requireSetting, share, truth } from '@laperm/core/settings'
import type { AugmentationSpec } from './affine-transform.ts'

/** Rules of the settings. Keras takes a shift of 1 and more for pixels, so that none of them is a share of the side. */
const rules = {
  rotationDegrees: numberRule('a number from 0 to 180', (x) => x >= 0 && x <= 180),
  shiftFraction: share,
  zoom: share,
  horizontalFlip: truth,
}

/**
 * An augmentation from outside: a record that has these four settings and no others.
 *
 * @param setting what it is called in errors.
 * @throws SettingProblem which setting breaks which rule.
 */
export const checkAugmentation = (setting: string, value: unknown): AugmentationSpec => {
  const record = checkRecord(setting, value, Object.keys(rules))
  return {
    rotationDegrees: checkSetting(
      `${setting}.rotationDegrees`,
      record.rotationDegrees,
      rules.rotationDegrees,
    ),
    shiftFraction: checkSetting(`${setting}.shiftFraction`, record.shiftFraction, rules.shiftFraction),
    zoom: checkSetting(`${setting}.zoom`, record.zoom, rules.zoom),
    horizontalFlip: checkSetting(`${setting}.horizontalFlip`, record.horizontalFlip, rules.horizontalFlip),
  }
}

/** @throws RangeError for a programmer's augmentation that breaks a rule. */
export const requireAugmentation = (spec: AugmentationSpec): void => {
  requireSetting('rotationDegrees', spec.rotationDegrees, rules.rotationDegrees)
  requireSetting('shiftFraction', spec.shiftFraction, rules.shiftFraction)
  requireSetting('zoom', spec.zoom, rules.zoom)
  requireSetting('horizontalFlip', spec.horizontalFlip, rules.horizontalFlip)
}
