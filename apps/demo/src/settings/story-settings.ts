/** The run that a visitor without a link sees first. */
import { defaultSettings } from './default-settings.ts'
import type { RunSettings } from './run-settings.ts'

/**
 * F1 with one value and zeros (Section 5.5 of the paper): the incoming weights of its ten neurons turn from noise into digits, and none of
 * them has another value than before. Twenty steps at this learning rate can just reorder the gap of 0.08, so that the digits appear little by little.
 */
export const storySettings: RunSettings = {
  ...defaultSettings,
  model: 'f1',
  distribution: 'sharedValue',
  sharedValue: 0.08,
  sparsity: 0.4,
  inputs: 'unit-minus-mean',
  syncPeriod: 20,
  learningRate: 0.005,
}
