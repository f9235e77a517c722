/** Networks with other values than they were trained with: a row a variant, or a line over the value that all weights share. */
import { type ChartSeries, curveChart, dotChart, inks, renderSvg } from '@laperm/figures'
import type { Figure, Panel } from '../figure.ts'
import { type FigureResults, meanOf, variantOfCurve } from '../figure-results.ts'
import { variantLabel } from '../variants/variant.ts'

const hues = inks.filter((ink) => ink.startsWith('hue'))

const variantsOf = (figure: Figure, { record }: FigureResults, curve: string) =>
  figure.scales[record.scale].curves.find(({ label }) => label === curve)?.variants ?? []

/** A row a variant, a dot a seed. */
export const drawVariants = (
  { title, curve }: Panel & { readonly kind: 'variants' },
  figure: Figure,
  results: FigureResults,
): string =>
  renderSvg(
    dotChart(
      variantsOf(figure, results, curve).map((variant) => ({
        label: variantLabel(variant),
        values: variantOfCurve(results, curve, variantLabel(variant)),
        expected: null,
      })),
      title,
      'percent of the whole test set; a dot a seed, black the mean',
    ),
  )

/** A line a curve over the shared value. */
export const drawSwept = (
  { title, curves }: Panel & { readonly kind: 'swept' },
  figure: Figure,
  results: FigureResults,
): string => {
  const series = curves.map(
    (curve, i): ChartSeries => ({
      label: curve,
      ink: hues[i % hues.length],
      points: variantsOf(figure, results, curve).flatMap((variant) => {
        if (variant.kind !== 'shared') return []
        const values = variantOfCurve(results, curve, variantLabel(variant))
        const mean = meanOf(values)
        return mean === null
          ? []
          : [{ x: variant.value, mean, min: Math.min(...values), max: Math.max(...values) }]
      }),
    }),
  )
  return renderSvg(
    curveChart(series, {
      title,
      xTitle: 'value of every weight that is not zero',
      yTitle: 'test accuracy in percent',
      hasDots: true,
    }),
  )
}
