import { inferShapes } from '@laperm/models'
import { inferExperiment } from '@laperm/train'
import { describe, expect, test } from 'vitest'
import {
  curvesOfPanel,
  erkSparsity,
  figureRuns,
  figures,
  narrowed,
  runKey,
  scaleNames,
} from '../src/index.ts'

const source = { dataDir: null, folder: null, acceptChecksum: false }

describe.each(figures)('$name', (figure) => {
  test.each(scaleNames)('has valid experiments at %s, whose networks infer', (scale) => {
    const runs = figureRuns(figure, scale, source)
    for (const { experiment } of runs) expect(inferExperiment(experiment)._tag).toBe('Right')
    // A curve and a seed name one run.
    expect(new Set(runs.map(({ choice }) => choice.join('|'))).size).toBe(runs.length)
    for (const { experiment } of runs) expect(experiment.threads).toBe(1)
  })

  test.each(scaleNames)('draws and compares only curves that it has at %s', (scale) => {
    const scaled = figure.scales[scale]
    const labels = scaled.curves.map(({ label }) => label)
    expect(new Set(labels).size).toBe(labels.length)
    for (const panel of figure.panels(scaled))
      for (const curve of curvesOfPanel(panel)) expect(labels).toContain(curve)
    for (const { curve, minus } of figure.numbers) {
      expect(labels).toContain(curve)
      if (minus !== undefined) expect(labels).toContain(minus)
    }
  })

  test('needs no files at smoke, and says in what a smaller scale differs', () => {
    for (const { experiment } of figureRuns(figure, 'smoke', source))
      expect(experiment.dataset).toBe('digits')
    for (const scale of ['smoke', 'small'] as const)
      if (figure.scales[scale].curves.length > 0) expect(figure.scales[scale].differs).not.toEqual([])
  })
})

test('N_S is planned once the runs are known that it starts from, each seed from its own', () => {
  const fig5 = figures.find(({ name }) => name === 'fig5')
  if (fig5 === undefined) throw new Error('fig5 is not there')
  const first = figureRuns(fig5, 'small', source)
  expect(first.some(({ curve }) => curve === 'LaPerm, N_S')).toBe(false)
  const known = new Map(first.map((run) => [runKey(run), `${run.seed}`.repeat(64)]))
  const shuffled = figureRuns(fig5, 'small', source, known).filter(({ curve }) => curve === 'LaPerm, N_S')
  expect(shuffled.map(({ experiment }) => experiment.shuffledFrom)).toEqual(['1'.repeat(64), '2'.repeat(64)])
})

test('figures 1 and 2 show runs of figure 5, which are trained once', () => {
  const experimentsOf = (name: string) => {
    const figure = figures.find((each) => each.name === name)
    return figure === undefined
      ? []
      : figureRuns(figure, 'small', source).map(({ experiment }) => JSON.stringify(experiment))
  }
  expect(experimentsOf('fig5')).toEqual(expect.arrayContaining(experimentsOf('fig1-2')))
  expect(experimentsOf('fig1-2')).toHaveLength(2)
})

describe('narrowed networks', () => {
  test('have the layers of the whole one, and a quarter of its filters', () => {
    const model = narrowed('conv4', { divideBy: 4 })
    expect(model.name).toBe('conv4-w4')
    const filters = model.layers.flatMap((layer) => (layer.kind === 'conv2d' ? [layer.filters] : []))
    expect(filters).toEqual([16, 16, 32, 32])
    const units = model.layers.flatMap((layer) => (layer.kind === 'dense' ? [layer.units] : []))
    expect(units).toEqual([64, 64, 10])
  })

  test('keep of each stack of ResNet50 as many blocks as asked, the projecting one among them', () => {
    const model = narrowed('resnet50', { divideBy: 4, blocks: 2 })
    const shortcuts = model.layers.flatMap((layer) =>
      layer.kind === 'residual' ? [layer.shortcut.length] : [],
    )
    expect(shortcuts).toEqual([0, 0, 1, 0, 1, 0])
    expect(inferShapes(model)._tag).toBe('Right')
  })

  test('lose the pooling that a smaller image has no room for', () => {
    for (const name of ['conv2', 'conv4', 'conv13', 'resnet50'] as const) {
      const model = narrowed(name, { divideBy: 16, blocks: 1, inputShape: [28, 28, 1] })
      const inferred = inferShapes(model)
      expect(inferred).toMatchObject({ _tag: 'Right', right: { outputShape: [10] } })
    }
  })
})

describe('the Erdos-Renyi kernel rule', () => {
  test('prunes the whole network by the share, small kernels less', () => {
    const model = narrowed('conv7', { divideBy: 1 })
    const sizes = [288, 9216, 25_600, 18_432, 36_864, 102_400, 131_072, 1280]
    for (const p of [0.5, 0.9, 0.95]) {
      const fractions = erkSparsity(model, p)
      expect(fractions).toHaveLength(sizes.length)
      const pruned = sizes.reduce((sum, size, i) => sum + size * (fractions[i] ?? 0), 0)
      expect(pruned / sizes.reduce((sum, size) => sum + size, 0)).toBeCloseTo(p, 10)
      // 131,072 weights of conv7 are pruned more than 1,280 of the last layer.
      expect(fractions[6]).toBeGreaterThan(fractions[7] ?? 1)
      for (const fraction of fractions) expect(fraction).toBeGreaterThanOrEqual(0)
    }
  })
})
