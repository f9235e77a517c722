/** How images of weights are coloured: one scale, centred at 0, for all images that are compared. */
import { divergingMap } from './colour-map.ts'
import type { Theme } from './theme.ts'

/** The end of the colour scale: the largest weight rounded up, so that it changes seldom. */
export const scaleLimit = (...images: readonly Float32Array[]): number => {
  let most = 0
  for (const image of images)
    for (let i = 0; i < image.length; i++) if (Math.abs(image[i]) > most) most = Math.abs(image[i])
  if (!(most > 0 && Number.isFinite(most))) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const mantissa =
    [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most * (1 - 1e-7)) ?? 10
  return Number((mantissa * power).toPrecision(3))
}

/** The colour map of a theme, tabulated again only when its colours change. */
export const makeMapOfTheme = () => {
  let key = ''
  let table = new Uint8ClampedArray(0)
  return ({ negative, surface, positive }: Theme): Uint8ClampedArray => {
    const own = `${negative} ${surface} ${positive}`
    if (own !== key) {
      key = own
      table = new Uint8ClampedArray(divergingMap(negative, surface, positive))
    }
    return table
  }
}
