import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import type { RunSettings } from '../../src/settings/run-settings.ts'
import { linkHash, readHash, readSettings } from '../../src/settings/settings-text.ts'

describe('settings in a link', () => {
  test('hold every setting, also those at their defaults', () => {
    expect(linkHash(defaultSettings)).toBe(
      '#model=f2&data=digits&backend=wasm&software=0&seed=1&k=20&sparsity=0&init=heUniform&shared=0.03&lr=0.001&batch=64&lookahead=0&lookahead-k=5&lookahead-alpha=0.5&inputs=unit&steps=1000',
    )
  })

  test('come back as they were', () => {
    const settings: fc.Arbitrary<RunSettings> = fc.record({
      model: fc.constantFrom('f2' as const, 'mlp' as const, 'conv7-small' as const),
      data: fc.constantFrom('digits' as const, 'files' as const),
      backend: fc.constantFrom('wasm' as const, 'webgl' as const, 'webgpu' as const),
      software: fc.boolean(),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      syncPeriod: fc.integer({ min: 1 }),
      sparsity: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      distribution: fc.constantFrom('heNormal' as const, 'equidistant' as const, 'sharedValue' as const),
      sharedValue: fc.double({ min: -3e38, max: 3e38, noNaN: true }).filter((x) => Math.fround(x) !== 0),
      learningRate: fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true }),
      batchSize: fc.integer({ min: 1, max: 512 }),
      lookahead: fc.boolean(),
      lookaheadPeriod: fc.integer({ min: 1 }),
      slowStepSize: fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true }),
      inputs: fc.constantFrom('unit' as const, 'unit-minus-mean' as const, 'standard' as const),
      steps: fc.integer({ min: 1, max: 100_000 }),
    })
    fc.assert(
      fc.property(settings, (drawn) => {
        const normal = { ...drawn, sparsity: drawn.sparsity + 0 }
        expect(readHash(linkHash(normal))).toEqual({ settings: normal, problems: [] })
      }),
    )
  })

  test('that are missing are the defaults, without a complaint', () => {
    expect(readHash('')).toEqual({ settings: defaultSettings, problems: [] })
    expect(readHash('#seed=9')).toEqual({ settings: { ...defaultSettings, seed: 9 }, problems: [] })
  })

  test.each([
    ['seed', '-1'],
    ['seed', '4294967296'],
    ['seed', '1.5'],
    ['seed', '0x10'],
    ['seed', ''],
    ['k', '0'],
    ['k', 'Infinity'],
    ['sparsity', '1'],
    ['sparsity', 'NaN'],
    ['shared', '0'],
    ['shared', '1e-50'],
    ['lr', '0'],
    ['lr', '1e999'],
    ['lr', ' 0.1'],
    ['init', 'ones'],
    ['model', '__proto__'],
    ['software', 'true'],
  ])('%s=%s is not taken: the default stands and the reader is told', (key, text) => {
    const { settings, problems } = readSettings({ [key]: text })
    expect(settings).toEqual(defaultSettings)
    expect(problems).toHaveLength(1)
    expect(problems[0].message).toContain('The default')
  })

  test.each([
    ['k', '0', 'it must be an integer of at least 1'],
    ['k', '1e3x', 'it must be a number in decimal notation'],
    ['lookahead-alpha', '1.5', 'it must be a number above 0 and at most 1'],
    // Whole schedules and fractions a kernel are for the command line.
    ['k', '20,1000@5001', 'it must be one number'],
    ['sparsity', '0.5,0.5,0.5', 'it must be one number'],
    ['batch', '513', 'it must be at most 512 on this page'],
  ])('%s=%s is refused by its rule: %s', (key, text, rule) => {
    expect(readSettings({ [key]: text }).problems[0].message).toContain(`: ${rule}. The default`)
  })

  test('never throw, whatever the text, and always give settings that a link can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { settings } = readHash(`#${text}`)
        expect(readHash(linkHash(settings)).problems).toEqual([])
      }),
    )
  })

  test('that are no settings are named, shortened', () => {
    const { problems } = readSettings({ ['x'.repeat(500)]: '1' })
    expect(problems[0].message).toBe(`The link sets “${'x'.repeat(40)}…”, which is no setting.`)
  })
})
