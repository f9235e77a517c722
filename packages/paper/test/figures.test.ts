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
  const known = new Map(
    first.map((run) => [runKey(run), { identity: `${run.seed}`.repeat(64), hasDiverged: false }]),
  )
  const shuffled = figureRuns(fig5, 'small', source, known).filter(({ curve }) => curve === 'LaPerm, N_S')
  expect(shuffled.map(({ experiment }) => experiment.shuffledFrom)).toEqual(['1'.repeat(64), '2'.repeat(64)])
})

test('pruning by a trained network is planned once that run is known', () => {
  const figure = figures.find(({ name }) => name === 'beyond-pruning')
  if (figure === undefined) throw new Error('beyond-pruning is not there')
  const first = figureRuns(figure, 'smoke', source)
  expect(first.some(({ curve }) => curve.endsWith('magnitude'))).toBe(false)
  const of = '1'.repeat(64)
  const known = new Map(first.map((run) => [runKey(run), { identity: of, hasDiverged: false }]))
  const [run] = figureRuns(figure, 'smoke', source, known).filter(({ curve }) => curve.endsWith('magnitude'))
  expect(run?.experiment.sparsity).toEqual({ kind: 'magnitude', fraction: 0.9, of })
})

test('of a grid over k the next smaller one is planned only where the larger has diverged', () => {
  const fig9 = figures.find(({ name }) => name === 'fig9')
  if (fig9 === undefined) throw new Error('fig9 is not there')
  const curvesOf = (...args: Parameters<typeof figureRuns>) =>
    figureRuns(...args)
      .map(({ curve }) => curve)
      .filter((curve) => curve.startsWith('Conv4, 30%'))
  expect(curvesOf(fig9, 'small', source)).toEqual(['Conv4, 30% of weights, k = 100'])
  const [run] = figureRuns(fig9, 'small', source).filter(({ curve }) => curve.startsWith('Conv4, 30%'))
  if (run === undefined) throw new Error('no run')
  const endedAs = (hasDiverged: boolean) =>
    new Map([[runKey(run), { identity: '1'.repeat(64), hasDiverged }]])
  expect(curvesOf(fig9, 'small', source, endedAs(false))).toHaveLength(1)
  expect(curvesOf(fig9, 'small', source, endedAs(true))).toEqual([
    'Conv4, 30% of weights, k = 100',
    'Conv4, 30% of weights, k = 40',
  ])
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
