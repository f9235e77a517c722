/** Pictures of weights in a real Chromium: a neuron before and now, and sorted weight vectors. */
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

  test('after dispose nothing listens to the page any more', async () => {
    await on.page.evaluate(() => {
      const picture = stage.makeNeuronImage({ title: 'Neuron' })
      document.querySelector('main')?.append(picture.element)
      picture.update(stage.madeUpNeuron(3))
      picture.dispose()
    })
    await on.page.setViewportSize({ width: 500, height: 900 })
    await on.drawn()
    // Its first frame, which dispose cancelled, was the one that would have given the canvas its size.
    expect(await on.page.evaluate(() => document.querySelector('canvas')?.width)).not.toBe(500)
  })

  test('a neuron is shown before and now in the colours of its weights, with an arrow between', async () => {
    await on.page.evaluate(() => {
      const picture = stage.makeNeuronImage({ title: 'Neuron 3' })
      document.querySelector('main')?.append(picture.element)
      // Four weights: -0.2 and 0.2 change places, 0 and 0.1 stay.
      picture.update({
        side: 2,
        before: Float32Array.of(-0.2, 0.2, 0, 0.1),
        now: Float32Array.of(0.2, -0.2, 0, 0.1),
        moves: [{ from: 0, to: 1 }],
      })
    })
    await on.drawn()
    expect(await on.page.getAttribute('canvas', 'aria-label')).toBe(
      'Neuron 3: two images of 2 by 2 weights, before and now, coloured from −0.200 to 0.200. 2 of 4 places hold another weight than before; arrows follow the largest of the weights that moved.',
    )
    const colours = await on.page.evaluate(() => {
      const canvas = document.querySelector('canvas') as HTMLCanvasElement
      const box = canvas.getBoundingClientRect()
      // Width 800, 13 px type: gap 136, images (800 - 136) / 2 = 332 wide, in two cells of 166, 23 below the top.
      // The second image stands at min(800, 664 + 249) - 332 = 468. A point 20 px into a cell meets no arrow.
      const cell = (left: number, column: number, row: number) =>
        stage.pixelAt(canvas, box.left + left + column * 166 + 20, box.top + 23 + row * 166 + 20)
      return {
        before: [cell(0, 0, 0), cell(0, 1, 0), cell(0, 0, 1)],
        now: [cell(468, 0, 0), cell(468, 1, 0), cell(468, 0, 1)],
        arrow: stage.pixelAt(canvas, box.left + 400, box.top + 23 + 83),
      }
    })
    const [negative, positive, zero] = [
      [0x1c, 0x5f, 0xa8, 255],
      [0xb8, 0x43, 0x0a, 255],
      [0xfd, 0xfd, 0xfb, 255],
    ]
    expect(colours.before).toEqual([negative, positive, zero])
    expect(colours.now).toEqual([positive, negative, zero])
    // The weight that moved is negative, and so is the arrow: blue.
    expect(colours.arrow[2]).toBeGreaterThan(colours.arrow[0] + 40)
  })

  test('an image that is not square is refused', async () => {
    const thrown = on.page.evaluate(() =>
      stage
        .makeNeuronImage({ title: 'Neuron' })
        .update({ side: 3, before: new Float32Array(9), now: new Float32Array(8), moves: [] }),
    )
    await expect(thrown).rejects.toThrow('now has 8 weights, an image of side 3 has 9')
  })

  test('sorted vectors at a synchronization are said to be the weights of theta_0, one ulp away they are not', async () => {
    const labels = await on.page.evaluate(() => {
      const picture = stage.makeSortedVectors({ title: 'Layer 1' })
      document.querySelector('main')?.append(picture.element)
      const label = () => picture.element.querySelector('canvas')?.getAttribute('aria-label')
      const reference = Float32Array.of(-1, 0, 1, -1, 0.5, 1)
      const data = { length: 3, count: 2, reference, label: 'step 20' }
      picture.update({ ...data, sorted: reference.slice() })
      const same = label()
      const sorted = reference.slice()
      sorted[5] = 1 + 2 ** -23
      picture.update({ ...data, sorted })
      return [same, label()]
    })
    const start =
      'Layer 1, step 20: 2 weight vectors of 3 weights, each sorted and drawn over the others; weights from −1.00 to 1.00, '
    expect(labels).toEqual([`${start}exactly the weights of θ₀.`, `${start}up to 1.19 × 10⁻⁷ away from θ₀.`])
    expect(await on.page.locator('.picture-value').allTextContents()).toEqual([
      '2 vectors',
      '2 vectors',
      '1.19 × 10⁻⁷',
    ])
  })

  test('samples of a layer are said to be samples, and stand at the ranks that they are of', async () => {
    await on.page.evaluate(() => {
      const picture = stage.makeSortedVectors({ title: 'Layer 1', kind: 'adam' })
      document.querySelector('main')?.append(picture.element)
      picture.update({
        length: 3,
        count: 2,
        sorted: Float32Array.of(-1, 0, 1, -1, 0.5, 1),
        label: 'step 20',
        whole: { length: 784, count: 128 },
      })
    })
    expect(await on.page.getAttribute('canvas', 'aria-label')).toBe(
      'Layer 1, step 20: 2 of 128 weight vectors of 784 weights, each sorted and drawn over the others; weights from −1.00 to 1.00.',
    )
    expect(await on.page.locator('.picture-value').allTextContents()).toEqual(['–', '2 drawn', '–'])
    await on.drawn()
    const right = await on.page.evaluate(() => {
      const canvas = document.querySelector('canvas') as HTMLCanvasElement
      const { width, height } = canvas
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      // The last column with blue ink: more blue than red by far.
      for (let x = width - 1; x >= 0; x--)
        for (let y = 0; y < height; y++) {
          const i = 4 * (y * width + x)
          if (pixels[i + 3] > 60 && pixels[i + 2] > pixels[i] + 60) return x
        }
      return -1
    })
    // The plot ends 2.8 times the type size of 13, rounded up, before the canvas: the last sample is the last rank.
    expect(Math.abs(right - (800 - 37))).toBeLessThanOrEqual(2)
  })

  test('a sorted vector is drawn from its lowest weight at the left to its highest at the right', async () => {
    const [low, high, wrong] = await on.page.evaluate(async () => {
      const picture = stage.makeSortedVectors({ title: 'Layer 1' })
      document.querySelector('main')?.append(picture.element)
      picture.update({ length: 2, count: 1, sorted: Float32Array.of(-1, 1), label: '' })
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const canvas = document.querySelector('canvas') as HTMLCanvasElement
      const { width, height } = canvas
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      // Rows in which a column has orange ink: more red than blue by far.
      const inked = (x: number) =>
        Array.from({ length: height }, (_, y) => y).filter((y) => {
          const i = 4 * (y * width + x)
          return pixels[i + 3] > 60 && pixels[i] > pixels[i + 2] + 60
        })
      const columns = Array.from({ length: width }, (_, x) => x).filter((x) => inked(x).length > 0)
      const [first, last] = [columns[2], columns[columns.length - 3]]
      const middle = Math.round((first + last) / 2)
      return [
        inked(first)[0],
        inked(last)[0],
        Math.abs(inked(middle)[0] - (inked(first)[0] + inked(last)[0]) / 2),
      ]
    })
    // Canvas rows count downwards.
    expect(low).toBeGreaterThan(high + 100)
    expect(wrong).toBeLessThan(3)
  })
})
