import { profileCurves, profileLayer } from '@laperm/analysis'
import { describe, expect, test } from 'vitest'
import { linearScale, profileDepth, profilePanels, reconnectionFigure, renderSvg } from '../src/index.ts'

const panelOf = (name: string, length: number, count: number, broken = false) => {
  const values = Float32Array.from({ length: length * count }, (_, at) =>
    broken ? Number.NaN : Math.sin(at * 12.9898) * 0.1,
  )
  const w = { values, length, count }
  return { layer: profileLayer(name, w), curves: profileCurves(w) }
}

/** Elements are closed and nothing foreign is markup: the text with all tags taken away has no angle bracket. */
const isWellFormed = (svg: string): boolean => {
  const stack: string[] = []
  const rest = svg.replace(/<(\/?)(\w+)[^<>]*?(\/?)>/g, (_, closes, name, isEmpty) => {
    if (closes === '/') return stack.pop() === name ? '' : '<'
    if (isEmpty === '') stack.push(name)
    return ''
  })
  return stack.length === 0 && !/[<>]/.test(rest)
}

describe('scales', () => {
  test('ticks are round numbers within the range', () => {
    const ticksOf = (low: number, high: number) => linearScale([low, high], [0, 1]).ticks
    expect(ticksOf(-0.13, 0.17).map(({ label }) => label)).toEqual(['\u22120.1', '0.0', '0.1'])
    expect(ticksOf(0, 10_000).map(({ value }) => value)).toEqual([0, 5000, 10_000])
    expect(linearScale([3, 3], [0, 100]).at(3)).toBe(50)
  })
})

describe('figures of profiles', () => {
  test('are well-formed whatever a layer is called, and show no control character', () => {
    const panels = [
      panelOf('<script>alert("1")</script>&\u001b[31m', 40, 6),
      panelOf('x'.repeat(500), 3, 2),
      panelOf('broken', 4, 2, true),
    ]
    const svg = renderSvg(profilePanels('a & b <c>', panels))
    expect(isWellFormed(svg)).toBe(true)
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('\u001b')
    expect(svg).toContain('no vector of finite weights')
    expect(isWellFormed(renderSvg(profileDepth(panels[0].layer, panels[0].curves)))).toBe(true)
    expect(isWellFormed(renderSvg(profileDepth(panels[2].layer, panels[2].curves)))).toBe(true)
    const [across, down] = ([2, 1] as const).map((columns) =>
      profileDepth(panels[0].layer, panels[0].curves, columns),
    )
    expect(down.width).toBe(across.width / 2)
    for (const mark of down.marks) if (mark.kind === 'text') expect(mark.at[0]).toBeLessThan(down.width)
  })

  test('have a bounded size, however many weights there are', () => {
    const large = panelOf('large', 2000, 500)
    expect(renderSvg(profilePanels('n', [large])).length).toBeLessThan(60_000)
    expect(renderSvg(profileDepth(large.layer, large.curves)).length).toBeLessThan(250_000)
  })

  test('follow the scheme of the reader, or the one that was asked for', () => {
    const scene = profilePanels('n', [panelOf('a', 5, 3)])
    expect(renderSvg(scene)).toContain('@media screen and (prefers-color-scheme:dark)')
    expect(renderSvg(scene, 'dark')).not.toContain('@media')
    expect(renderSvg(scene, 'dark')).not.toEqual(renderSvg(scene, 'light'))
  })

  test('show every vector and the range of all weights', () => {
    const { layer, curves } = panelOf('a', 3, 4)
    const dots = profileDepth(layer, curves).marks.flatMap((mark) =>
      mark.kind === 'dots' ? [mark.points.length] : [],
    )
    expect(dots).toEqual(Array.from({ length: 8 }, () => 3))
  })
})

describe('a weight vector before and after', () => {
  const before = [3, 1, 2, 0]
  const sources = [3, 1, 0, 2]
  const after = sources.map((place) => before[place])

  test('has an arrow for each weight that moved, in two colours, and none for one that stayed', () => {
    const { marks } = reconnectionFigure({ name: 'a', before, after, sources })
    const arrows = marks.flatMap((mark) => (mark.kind === 'line' && mark.opacity !== undefined ? [mark] : []))
    expect(arrows).toHaveLength(3)
    expect(new Set(arrows.map(({ ink }) => ink))).toEqual(new Set(['series3', 'series2']))
    // An arrow begins and ends at dots of the vectors.
    const dots = marks.flatMap((mark) => (mark.kind === 'dots' && mark.ink === 'series4' ? mark.points : []))
    for (const { points } of arrows) for (const point of points) expect(dots).toContainEqual(point)
  })

  test('is well-formed and bounded for empty, constant and long vectors', () => {
    const long = Array.from({ length: 100_000 }, (_, i) => Math.sin(i))
    for (const [vector, places] of [
      [[], []],
      [
        [1, 1],
        [0, 1],
      ],
      [long, long.map((_, i) => (i + 1) % long.length)],
    ] as const) {
      const svg = renderSvg(
        reconnectionFigure({ name: '<a>', before: vector, after: vector, sources: places }),
      )
      expect(isWellFormed(svg)).toBe(true)
      expect(svg).not.toContain('NaN')
      expect(svg.length).toBeLessThan(250_000)
    }
  })
})
