/** Windows that slide over an image, with TensorFlow's padding: what convolutions and pools have in common. */

import { placeOfItem, refuse } from '../parse/place.ts'
import { oneOf, positiveInteger, type Rule } from '../parse/rule.ts'
import type { LayerSite } from './layer-kind.ts'

/** TensorFlow's padding: `valid` is none, `same` pads so that `out = ceil(in / stride)`, the odd pixel at the end. */
export type Padding = 'valid' | 'same'

/** Height and width. */
export type Size2d = readonly [number, number]

/** Either padding, by its name. */
export const paddingRule: Rule<Padding> = oneOf(['valid', 'same'])

/** Height and width from a pair, or one number for both. */
export const size2dOf = (size: number | Size2d): Size2d => (typeof size === 'number' ? [size, size] : size)

const sizeSays = 'a positive integer or a pair of them, [height, width]'

/** A pair of positive integers; one number stands for both. */
export const size2dRule: Rule<Size2d> = {
  says: sizeSays,
  parse: (value, place) => {
    if (Array.isArray(value) && value.length === 2)
      return [
        positiveInteger.parse(value[0], placeOfItem(place, 0)),
        positiveInteger.parse(value[1], placeOfItem(place, 1)),
      ]
    if (typeof value !== 'number') return refuse(place, value, sizeSays)
    return size2dOf(positiveInteger.parse(value, place))
  },
}

/**
 * Outputs of a window that slides over `input` places.
 *
 * `valid`: `floor((input - window) / stride) + 1`; `same`: `ceil(input / stride)`.
 */
export const windowOutputSize = (input: number, window: number, stride: number, padding: Padding): number =>
  padding === 'same' ? Math.ceil(input / stride) : Math.floor((input - window) / stride) + 1

/** TensorFlow's SAME padding of one axis as `[before, after]`: the odd place goes to the end. `valid` is `[0, 0]`. */
export const windowPadding = (
  input: number,
  window: number,
  stride: number,
  padding: Padding,
): readonly [number, number] => {
  if (padding === 'valid') return [0, 0]
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + window - input)
  const before = Math.floor(total / 2)
  return [before, total - before]
}

/** An image's `[height, width, channels]`; a layer on anything else is refused. */
export const imageShapeOf = ({ inputShape, refuse }: LayerSite): readonly [number, number, number] => {
  if (inputShape.length !== 3)
    refuse(`needs an input of shape [height, width, channels], got [${inputShape.join(', ')}]`)
  const [height, width, channels] = inputShape
  return [height, width, channels]
}

/** Height and width of what a window gives; a window that does not fit its input is refused. */
export const slide = (
  site: LayerSite,
  what: string,
  window: Size2d,
  { strides, padding }: { readonly strides: Size2d; readonly padding: Padding },
): Size2d => {
  const [height, width] = imageShapeOf(site)
  const output: Size2d = [
    windowOutputSize(height, window[0], strides[0], padding),
    windowOutputSize(width, window[1], strides[1], padding),
  ]
  if (output[0] < 1 || output[1] < 1)
    site.refuse(
      `a ${window.join('x')} ${what} with padding '${padding}' does not fit an input of ${height}x${width}; use padding 'same' or a smaller ${what}`,
    )
  return output
}
