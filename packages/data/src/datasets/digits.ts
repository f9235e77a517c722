/** `digits`: handwritten-looking digits that this package draws, so that everything works without files and without a network. */
import { defaultDigitSizes, digitClasses, digitShape } from '../digits/digits.ts'
import type { DigitsDescriptor } from './dataset-descriptor.ts'

export const digits: DigitsDescriptor<'digits'> = {
  name: 'digits',
  title: 'Digits',
  origin: 'drawn',
  format: 'digits',
  inputShape: digitShape,
  classes: digitClasses,
  examples: defaultDigitSizes,
}
