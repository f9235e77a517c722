/** Draws the digits and hands them over. */
import { drawDigitsHere } from './draw-digits.ts'

const digits = drawDigitsHere()
const buffers = [digits.train, digits.test].flatMap(({ inputs, labels }) => [inputs.buffer, labels.buffer])
// Where memory can be shared it is.
self.postMessage(digits, { transfer: buffers.filter((buffer) => buffer instanceof ArrayBuffer) })
