/** Charts over training steps in a real Chromium: lines where the numbers put them, words that carry the numbers, keys that read them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { executablePath, openStage, type Stage } from './open-gallery.ts'
import type { StageModule } from './stage.ts'

declare const stage: StageModule

describe.skipIf(executablePath === undefined)('in a browser', () => {
  let on: Stage

  beforeAll(async () => {
    on = await openStage()
  })
  afterAll(() => on?.close())
  beforeEach(() => on.fresh())

  /** A chart on which LaPerm's line goes straight from (0, 0) to (100, 1): axes end exactly there. */
  const showStraightLine = async (): Promise<void> => {
    await on.page.evaluate(() => {
      const chart = stage.makeTrainingChart({
        title: 'Accuracy',
        yLabel: 'right',
        scale: 'linear',
        valueFormat: 'percent',
      })
      document.querySelector('main')?.append(chart.element)
      const steps = Array.from({ length: 101 }, (_, step) => step)
      chart.update({
        series: [
          { name: 'LaPerm', kind: 'laperm', steps, values: steps.map((step) => step / 100) },
          { name: 'Adam', kind: 'adam', steps: [0, 100], values: [1, 0.5] },
        ],
        syncSteps: [50],
        lastStep: 100,
      })
    })
    await on.drawn()
  }

  test('a line runs where its numbers put it, in the colour of its optimizer', async () => {
    await showStraightLine()
    const seen = await on.page.evaluate(() => {
      const canvas = document.querySelector('canvas') as HTMLCanvasElement
      // The reader covers the plot exactly: step 0 is its left edge, 100 its right, 0 its bottom, 1 its top.
      const { left, top, width, height } = (
        document.querySelector('.picture-reader') as Element
      ).getBoundingClientRect()
      const at = (step: number, value: number) =>
        stage.pixelAt(canvas, left + (width * step) / 100, top + height * (1 - value))
      return {
        on: at(80, 0.8),
        above: at(80, 0.9),
        below: at(80, 0.7),
        ring: at(50, 0.5),
      }
    })
    // --laperm of the light palette is #c8420c; --surface is #fdfdfb.
    // The line is 2.25 pixels wide: at its edge a hundredth of the ground may shine through.
    for (const [k, channel] of [0xc8, 0x42, 0x0c, 255].entries())
      expect(Math.abs(seen.on[k] - channel)).toBeLessThanOrEqual(8)
    expect([seen.above[3], seen.below[3]]).toEqual([0, 0])
    // A synchronization is a ring on the line: ground inside.
    expect(seen.ring).toEqual([0xfd, 0xfd, 0xfb, 255])
    expect(on.complaints).toEqual([])
  })

  test('the text alternative says title, step, every value and the synchronizations', async () => {
    await showStraightLine()
    expect(await on.page.getAttribute('canvas', 'aria-label')).toBe(
      'Accuracy (right) by training step. At step 100: LaPerm 100.00%, Adam 50.00%. 1 synchronization.',
    )
    expect(await on.page.getAttribute('canvas', 'role')).toBe('img')
  })

  test('keys move the read-out from recorded step to recorded step, and its values are shown', async () => {
    await showStraightLine()
    const reader = on.page.locator('.picture-reader')
    const values = () => on.page.locator('.picture-value').allTextContents()
    await reader.focus()
    expect(await reader.getAttribute('aria-valuetext')).toBe('step 100: LaPerm 100.00%, Adam 50.00%')
    await on.page.keyboard.press('ArrowLeft')
    await on.page.keyboard.press('ArrowLeft')
    expect(await reader.getAttribute('aria-valuenow')).toBe('98')
    // Adam was measured at 0 and 100: at 98 its last value is the one of step 0.
    expect(await values()).toEqual(['98', '98.00%', '100.00%'])
    await on.page.keyboard.press('Home')
    expect(await values()).toEqual(['0', '0.00%', '100.00%'])
    await on.page.keyboard.press('ArrowLeft')
    expect(await reader.getAttribute('aria-valuenow')).toBe('0')
    // 101 recorded steps: a page is 11.
    await on.page.keyboard.press('PageUp')
    expect(await reader.getAttribute('aria-valuenow')).toBe('11')
    await on.page.keyboard.press('Escape')
    expect(await values()).toEqual(['100', '100.00%', '50.00%'])
  })

  test('the pointer reads the nearest recorded step, and nothing moves meanwhile', async () => {
    await showStraightLine()
    const box = await on.page.locator('.picture-reader').boundingBox()
    const height = await on.page.evaluate(
      () => document.querySelector('figure')?.getBoundingClientRect().height,
    )
    if (box === null) throw new Error('the reader has no box')
    await on.page.mouse.move(box.x + box.width * 0.302, box.y + 20)
    await on.drawn()
    expect(await on.page.locator('.picture-value').first().textContent()).toBe('30')
    expect(
      await on.page.evaluate(() => document.querySelector('figure')?.getBoundingClientRect().height),
    ).toBe(height)
    // The hairline stands at step 30, far from both lines.
    const line = await on.page.evaluate(() => {
      const { left, top, width, height } = (
        document.querySelector('.picture-reader') as Element
      ).getBoundingClientRect()
      return stage.pixelAt(
        document.querySelector('canvas') as HTMLCanvasElement,
        left + width * 0.3,
        top + height * 0.6,
      )
    })
    expect(line[3]).toBeGreaterThan(100)
    await on.page.mouse.move(box.x + box.width * 0.5, box.y + box.height + 60)
    expect(await on.page.locator('.picture-value').first().textContent()).toBe('100')
  })

  test('at the end of a run the read-out follows as it grows', async () => {
    await on.page.evaluate(() => {
      const chart = stage.makeTrainingChart({ title: 'Loss', yLabel: 'nats', scale: 'log' })
      document.querySelector('main')?.append(chart.element)
      const steps = [1, 2, 3]
      const values = [2, 1, 0.5]
      const update = () =>
        chart.update({
          series: [{ name: 'LaPerm', kind: 'laperm', steps, values }],
          syncSteps: [],
          lastStep: steps.length,
        })
      update()
      Object.assign(globalThis, {
        grow: () => {
          steps.push(steps.length + 1)
          values.push(values[values.length - 1] / 2)
          update()
        },
      })
    })
    const grow = () => on.page.evaluate(() => (globalThis as unknown as { grow: () => void }).grow())
    const said = () => on.page.getAttribute('.picture-reader', 'aria-valuetext')
    await on.page.locator('.picture-reader').focus()
    await grow()
    expect(await said()).toBe('step 4: LaPerm 0.250')
    // Somebody who reads an earlier step stays there; at the end again, the run leads.
    await on.page.keyboard.press('Home')
    await grow()
    expect(await said()).toBe('step 1: LaPerm 2.00')
    await on.page.keyboard.press('End')
    expect(await said()).toBe('step 5: LaPerm 0.125')
    await grow()
    expect(await said()).toBe('step 6: LaPerm 0.0625')
  })

  test('a chart without data says so, and so does a run that diverged', async () => {
    await on.page.evaluate(() => {
      const chart = stage.makeTrainingChart({ title: 'Loss', yLabel: 'nats', scale: 'log' })
      document.querySelector('main')?.append(chart.element)
      Object.assign(globalThis, { chart })
    })
    expect(await on.page.getAttribute('canvas', 'aria-label')).toBe('Loss: nothing yet.')
    await on.page.evaluate(() =>
      (globalThis as unknown as { chart: ReturnType<StageModule['makeTrainingChart']> }).chart.update({
        series: [{ name: 'LaPerm', kind: 'laperm', steps: [1, 2, 3], values: [2, 0, Number.NaN] }],
        syncSteps: [],
        lastStep: 3,
      }),
    )
    await on.drawn()
    expect(await on.page.getAttribute('canvas', 'aria-label')).toContain('At step 3: LaPerm diverged.')
    expect(on.complaints).toEqual([])
  })

  test('the picture follows its container and the colour scheme', async () => {
    await showStraightLine()
    const size = () =>
      on.page.evaluate(() => [
        document.querySelector('canvas')?.width,
        document.querySelector('canvas')?.clientWidth,
      ])
    expect(await size()).toEqual([800, 800])
    await on.page.setViewportSize({ width: 390, height: 800 })
    await on.drawn()
    expect(await size()).toEqual([390, 390])
    await on.page.emulateMedia({ colorScheme: 'dark' })
    await on.drawn()
    const colour = await on.page.evaluate(() => {
      const { left, top, width, height } = (
        document.querySelector('.picture-reader') as Element
      ).getBoundingClientRect()
      return stage.pixelAt(
        document.querySelector('canvas') as HTMLCanvasElement,
        left + width * 0.8,
        top + height * 0.2,
      )
    })
    // --laperm of the dark palette.
    expect(colour).toEqual([0xff, 0x8f, 0x57, 255])
  })

  test('the ranking distance is a chart from 0, with one optimizer and its synchronizations', async () => {
    await on.page.evaluate(() => {
      const chart = stage.makeDistanceChart({ title: 'Ranking distance' })
      document.querySelector('main')?.append(chart.element)
      chart.update({
        steps: [1, 2, 3, 4],
        values: [0.01, 0.02, 0.01, 0.0213],
        syncSteps: [2, 4],
        lastStep: 4,
      })
    })
    expect(await on.page.getAttribute('canvas', 'aria-label')).toBe(
      'Ranking distance (mean change in rank, as a share of the vector’s length) by training step. At step 4: LaPerm 0.0213. 2 synchronizations.',
    )
  })
})
