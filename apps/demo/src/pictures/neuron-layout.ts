/** Where the two images of a neuron stand. */

/** Two squares of `size` CSS pixels, at `left` and `right`, both at `top`; one weight is `cell` CSS pixels wide. */
export interface NeuronLayout {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly size: number
  readonly cell: number
  /** Where the colour scale begins. */
  readonly scaleTop: number
  readonly height: number
}

/**
 * Lay out two images of `side x side` weights with room for arrows between them.
 *
 * A weight covers a whole number of device pixels, so that all are equally large.
 */
export const layOutNeuron = (
  width: number,
  side: number,
  fontSize: number,
  pixelRatio: number,
): NeuronLayout => {
  const gap = Math.max(44, width * 0.17)
  const most = Math.min((width - gap) / 2, 340)
  const cell = Math.max(1, Math.floor((most * pixelRatio) / side)) / pixelRatio
  const size = cell * side
  const total = Math.min(width, 2 * size + Math.max(gap, size * 0.75))
  const top = Math.ceil(fontSize * 1.7)
  const scaleTop = top + size + Math.ceil(fontSize)
  return {
    left: 0,
    right: Math.round((total - size) * pixelRatio) / pixelRatio,
    top,
    size,
    cell,
    scaleTop,
    height: Math.ceil(scaleTop + fontSize * 2.2),
  }
}
