import {
  convNet,
  denseNet,
  differentiateNetwork,
  everyLayerNet,
  flattenedDenseNet,
  makeBatch,
  makeParams,
  poolFirstNet,
  wideNet,
} from '@laperm/conformance/engine'
import { type Model, zoo } from '@laperm/models'
import { describe, expect, it } from 'vitest'
import { expectClose, largestOf } from './support/compare.ts'
import { convolutionForms } from './support/convolution-forms.ts'
import { stepInEngine } from './support/engine-gradients.ts'
import { infer } from './support/infer.ts'

/**
 * Float32 has 2^-24 = 6e-8 a rounding. Sums here have up to about 10^4 terms, whose errors add up like a random walk (10^2 * 6e-8 = 6e-6),
 * over some ten layers. A wrong term, a lost factor or a shifted window is off by 1e-2 and more.
 */
const tolerance = 2e-5

const cases: readonly { readonly model: Model; readonly size: number }[] = [
  { model: zoo.f1, size: 5 },
  { model: zoo.f2, size: 12 },
  { model: zoo.mlp, size: 3 },
  { model: denseNet, size: 4 },
  { model: denseNet, size: 1 },
  { model: flattenedDenseNet, size: 6 },
  { model: wideNet, size: 4 },
  { model: convNet, size: 3 },
  { model: poolFirstNet, size: 7 },
  { model: everyLayerNet, size: 9 },
  { model: everyLayerNet, size: 16 },
]

describe.each(convolutionForms)('the gradients of whole models, $form', ({ block }) => {
  it.each(cases)('of $model.name with $size examples equal float64', async ({ model, size }) => {
    const inferred = infer(model)
    const params = makeParams(inferred, size)
    const batch = makeBatch(inferred, size, 3)
    const engine = await stepInEngine(inferred, params, batch, block)
    const reference = differentiateNetwork(inferred, params, batch, engine.masks)

    expect(engine.result.lossSum / size).toBeCloseTo(reference.loss, 4)
    expect(engine.result.correct).toBe(reference.correct)
    expect([...engine.gradients.keys()].sort()).toEqual([...reference.gradients.keys()].sort())
    // The bias of a convolution before batch normalization has no effect: its gradient is exactly zero, and what is computed is the
    // rounding of terms as large as the other gradients.
    const floor = 0.01 * Math.max(...[...reference.gradients.values()].map(largestOf))
    for (const [name, gradient] of reference.gradients)
      expectClose(name, engine.gradients.get(name) ?? [], gradient, tolerance, floor)
    for (const [name, average] of reference.moving)
      expectClose(name, engine.params.get(name) ?? [], average, tolerance)
  })
})

describe('NCHWc and standard convolutions', () => {
  it.each(convolutionForms)('give Conv7 the same gradients: $form', async ({ block }) => {
    const inferred = infer(zoo.conv7)
    const params = makeParams(inferred, 1)
    const batch = makeBatch(inferred, 3, 1)
    const standard = await stepInEngine(inferred, params, batch)
    const other = await stepInEngine(inferred, params, batch, block)
    for (const [name, gradient] of standard.gradients)
      expectClose(name, other.gradients.get(name) ?? [], gradient, tolerance)
    // The test is worth something only if the two did not compute the same way.
    const isSame = [...standard.gradients].every(([name, gradient]) =>
      gradient.every((value, i) => Object.is(value, other.gradients.get(name)?.[i])),
    )
    expect(isSame).toBe(block === undefined)
  })
})
