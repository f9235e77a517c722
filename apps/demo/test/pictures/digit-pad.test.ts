/** The digit pad in a real Chromium: a real mouse and real keys become a centred digit. */
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { executablePath, openStage, type Stage } from './open-gallery.ts'
import type { StageModule } from './stage.ts'

declare const stage: StageModule

interface PadGlobals {
  readonly pad: ReturnType<StageModule['makeDigitPad']>
  readonly drawings: number[][]
}

describe.skipIf(executablePath === undefined)('the digit pad', () => {
  let on: Stage
  let board: Locator

  beforeAll(async () => {
    on = await openStage()
  })
  afterAll(() => on?.close())
  beforeEach(async () => {
    await on.fresh()
    await on.page.evaluate(() => {
      const drawings: number[][] = []
      const pad = stage.makeDigitPad({ onDraw: (image) => drawings.push([...image]), label: 'Draw a digit' })
      document.querySelector('main')?.append(pad.element)
      Object.assign(globalThis, { pad, drawings })
    })
    board = on.page.locator('.digit-pad-board')
  })

  const image = (): Promise<number[]> =>
    on.page.evaluate(() => [...(globalThis as unknown as PadGlobals).pad.image()])
  const drawings = (): Promise<number[][]> =>
    on.page.evaluate(() => (globalThis as unknown as PadGlobals).drawings)

  /** Draw through points given as shares of the board. */
  const drawWithMouse = async (...points: readonly (readonly [number, number])[]): Promise<void> => {
    const box = await board.boundingBox()
    if (box === null) throw new Error('the pad has no box')
    const at = ([x, y]: readonly [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const
    await on.page.mouse.move(...at(points[0]))
    await on.page.mouse.down()
    for (const point of points.slice(1)) await on.page.mouse.move(...at(point), { steps: 8 })
    await on.page.mouse.up()
    await on.drawn()
  }
  const columnsOf = (pixels: readonly number[]) =>
    [...new Set([...pixels.entries()].filter(([, v]) => v > 0).map(([i]) => i % 28))].sort((a, b) => a - b)
  const rowsOf = (pixels: readonly number[]) => [
    ...new Set([...pixels.entries()].filter(([, v]) => v > 0).map(([i]) => Math.floor(i / 28))),
  ]

  test('a stroke in a corner becomes a bar in the middle, 20 pixels long', async () => {
    await drawWithMouse([0.1, 0.1], [0.1, 0.5])
    const pixels = await image()
    // Height 0.4 * 336 + 28 = 162.4 becomes 20; the brush's 28 become 28 * 20 / 162.4 = 3.4, so 3 or 4 columns in the middle.
    expect(rowsOf(pixels)).toEqual(Array.from({ length: 20 }, (_, i) => 4 + i))
    const columns = columnsOf(pixels)
    expect(columns.length).toBeGreaterThanOrEqual(3)
    expect(columns.length).toBeLessThanOrEqual(4)
    expect(Math.abs(columns.reduce((a, b) => a + b, 0) / columns.length - 13.5)).toBeLessThanOrEqual(0.5)
    // White in the middle of the stroke, as MNIST's digits are.
    expect(pixels[14 * 28 + 13] > 0.9 || pixels[14 * 28 + 14] > 0.9).toBe(true)
    const seen = await drawings()
    expect(seen.at(-1)).toEqual(pixels)
    // Once a frame at most, but while drawing, not only at its end.
    expect(seen.length).toBeGreaterThan(1)
  })

  test('what the networks see is shown', async () => {
    await drawWithMouse([0.3, 0.3], [0.7, 0.3], [0.4, 0.8])
    const pixels = await image()
    const shown = await on.page.evaluate(() => {
      const canvas = document.querySelector('.digit-pad-seen canvas') as HTMLCanvasElement
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, 28, 28) ?? { data: [] }
      return Array.from({ length: 784 }, (_, i) => data[4 * i])
    })
    shown.forEach((grey, i) => {
      expect(Math.abs(grey - 255 * pixels[i])).toBeLessThanOrEqual(0.5)
    })
  })

  test('the keyboard draws the same: arrows move, space sets the pen down and lifts it', async () => {
    await board.focus()
    await on.page.keyboard.press('ArrowUp')
    expect((await image()).every((value) => value === 0)).toBe(true)
    await on.page.keyboard.press('Space')
    for (let i = 0; i < 8; i++) await on.page.keyboard.press('ArrowDown')
    expect(await on.page.textContent('[role=status]')).toBe('drawing, row 21, column 14 of 28')
    await on.page.keyboard.press('Space')
    expect(await on.page.textContent('[role=status]')).toBe('Pen up.')
    await on.page.keyboard.press('ArrowRight')
    await on.page.keyboard.press('ArrowRight')
    await on.page.keyboard.press('ArrowRight')
    await on.drawn()
    const pixels = await image()
    // 8 cells of 12 and the brush's 28: 124 x 28 become 20 x 4.5, rounded to 5.
    expect(rowsOf(pixels).length).toBe(20)
    expect(columnsOf(pixels).length).toBe(5)
  })

  test('Delete clears, and so does clear(): all zeros are reported', async () => {
    // From the very corner: no pixel is forgotten.
    await drawWithMouse([0.01, 0.01], [0.8, 0.8])
    expect((await image()).some((value) => value > 0)).toBe(true)
    await board.focus()
    await on.page.keyboard.press('Delete')
    await on.drawn()
    expect((await drawings()).at(-1)).toEqual(new Array(784).fill(0))
    await drawWithMouse([0.2, 0.2], [0.8, 0.8])
    await on.page.evaluate(() => (globalThis as unknown as PadGlobals).pad.clear())
    await on.drawn()
    expect((await drawings()).at(-1)).toEqual(new Array(784).fill(0))
  })

  test('a finger draws and does not scroll the page', async () => {
    const box = await board.boundingBox()
    if (box === null) throw new Error('the pad has no box')
    const client = await on.page.context().newCDPSession(on.page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + x * box.width, y: box.y + y * box.height }],
      })
    await on.page.evaluate(() => {
      document.body.style.height = '3000px'
    })
    // Upwards: a page of this height would follow.
    await touch('touchStart', 0.5, 0.84)
    for (let i = 1; i <= 8; i++) await touch('touchMove', 0.5, 0.84 - i * 0.08)
    await touch('touchEnd', 0, 0)
    await on.drawn()
    expect(rowsOf(await image()).length).toBe(20)
    expect(await on.page.evaluate(() => scrollY)).toBe(0)
  })

  test('a second button or a moving mouse without a press draws nothing', async () => {
    const box = await board.boundingBox()
    if (box === null) throw new Error('the pad has no box')
    await on.page.mouse.move(box.x + 20, box.y + 20)
    await on.page.mouse.move(box.x + 90, box.y + 90, { steps: 4 })
    await on.page.mouse.down({ button: 'right' })
    await on.page.mouse.move(box.x + 120, box.y + 50, { steps: 4 })
    await on.page.mouse.up({ button: 'right' })
    expect((await image()).every((value) => value === 0)).toBe(true)
    expect(await drawings()).toEqual([])
  })

  test('it has a name, a description and no complaints', async () => {
    expect(await board.getAttribute('aria-label')).toBe('Draw a digit')
    const described = await board.getAttribute('aria-describedby')
    expect(await on.page.textContent(`#${described}`)).toMatch(/arrows move, space .* Delete clears/)
    expect(on.complaints).toEqual([])
  })
})
