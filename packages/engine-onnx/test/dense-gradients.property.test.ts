/** The output and gradients of a dense layer against float64, on random shapes. */

import { randomValues } from '@laperm/conformance/engine'
import { dense64 } from '@laperm/models/reference'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { dense } from '../src/operators/dense.ts'
import { checkOperator } from './support/check-operator.ts'

const wide = (values: ArrayLike<number>): Float64Array => Float64Array.from(values)

const runs = { numRuns: 40, seed: 2002 }
const batchSize = fc.integer({ min: 1, max: 4 })
const seed = fc.integer({ min: 1, max: 1_000_000 })

describe('operators on rows and their gradients equal float64', () => {
  it('dense, with and without bias', async () => {
    const cases = fc.record({
      batch: batchSize,
      inputs: fc.integer({ min: 1, max: 20 }),
      units: fc.integer({ min: 1, max: 9 }),
      hasBias: fc.boolean(),
      seed,
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ batch, inputs, units, hasBias, seed: s }) => {
        const values = randomValues(batch * inputs, s)
        const kernel = { values: randomValues(inputs * units, s + 1), shape: [inputs, units] }
        const bias = { values: randomValues(units, s + 2), shape: [units] }
        await checkOperator({
          shape: [inputs],
          batch,
          values,
          parameters: hasBias ? { kernel, bias } : { kernel },
          append: (trace, x, given) => dense(trace, x, given['kernel'], given['bias']),
          reference: dense64(
            { values: wide(values), shape: [batch, inputs] },
            wide(kernel.values),
            hasBias ? wide(bias.values) : undefined,
          ),
        })
      }),
      runs,
    )
  })
})
