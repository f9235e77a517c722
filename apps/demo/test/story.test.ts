/** What a visitor sees who has no link, and what the trained places are worth, in a real Chromium. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'

const reads = /reads (?<altered>[\d.]+)%; as LaPerm left it at step (?<step>[\d,]+), (?<own>[\d.]+)%/

let demo: Demo
beforeAll(async () => {
  if (hasChromium) demo = await openDemo()
})
afterAll(() => demo?.close())

describe.skipIf(!hasChromium)('a page without a link', () => {
  test('plays by itself: ten neurons of two values learn to read, and no value is another', async () => {
    const page = await demo.open()
    await page.untilStep(81)
    expect((await page.scores()).laperm).toBeGreaterThan(50)
    expect(await page.page.textContent('.claim')).toBe('All 10 weight vectors are permutations of θ₀: yes')
    expect(await page.page.textContent('#told-moves')).toMatch(
      /^[\d,]+ of 7,840 weights are in another place/,
    )
    expect(await page.page.textContent('#told-stays')).toBe(
      'the values: each weight is 0 or 0.08, and as many are as at first.',
    )
    // No link is written before the visitor asks for one: to open the page again is to see it again.
    expect(new URL(page.page.url()).hash).toBe('')
    await page.page.click('.picture-grid canvas', { position: { x: 40, y: 40 } })
    await page.pause()
    const last = await page.page.getAttribute('#movie-time', 'max')
    // Back to theta_0: the pad answers as the network did then, and the pictures show it.
    await page.page.click('#samples button >> nth=3')
    await page.waitFor('#opinions-note', /LaPerm says \d, Adam says \d/)
    await page.page.focus('#movie-time')
    await page.page.keyboard.press('Home')
    await page.waitFor('#opinions-note', /LaPerm at step 0 says \d, Adam says \d/)
    await page.waitFor('#neuron-note', /neuron 0 of .* before training\. 0 of its 784 places/)
    expect(await page.page.getAttribute('#movie-time', 'aria-valuetext')).toMatch(
      new RegExp(`^synchronization 0 of ${last}, step 0 · [\\d.]+%$`),
    )
    await page.page.keyboard.press('End')
    await page.waitFor('#opinions-note', /^LaPerm says/)
    // All of it as a file, which a browser can play.
    const [download] = await Promise.all([page.page.waitForEvent('download'), page.page.click('#movie-save')])
    expect(download.suggestedFilename()).toBe('f1-seed1.webm')
    const bytes = [...readFileSync(await download.path())]
    expect(bytes.slice(0, 4)).toEqual([0x1a, 0x45, 0xdf, 0xa3])
    expect(bytes.length).toBeGreaterThan(20_000)

    // A link to a movie trains from the seed and plays.
    await page.page.evaluate(() => {
      location.hash = '#model=f1&seed=4&k=5&steps=15&movie=1'
    })
    await page.waitFor('#movie-where', /^step 0/)
    await page.waitFor('#movie-where', /^step 5/)
    await page.waitFor('#movie-where', /^now/)
    expect(await page.step()).toBe(15)
    expect(await page.page.textContent('#notices')).toBe('')
    expect(page.complaints).toEqual([])
    await page.close()
  })

  test('waits for the button where the visitor wants no motion', async () => {
    const page = await demo.open('', { reducedMotion: 'reduce' })
    await page.waitFor('#told-stays', /each weight is 0 or 0\.08/)
    expect(await page.page.textContent('#start')).toBe('Start')
    expect(await page.step()).toBe(0)
    await page.close()
  })
})

/** Presets, and the scale of the scores. */
describe.skipIf(!hasChromium)('runs worth a look', () => {
  test('start at a click, and Undo starts what ran before; the scale of errors shows what is left to 100%', async () => {
    const page = await demo.open('#model=f1&seed=4&k=5&steps=5')
    await page.train()
    // A click on a neuron shows that one below: the last of five in the first row.
    const box = await page.page.locator('#grid-picture canvas').boundingBox()
    await page.page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 40, (box?.y ?? 0) + 40)
    await page.waitFor('#neuron-note', /neuron 4 of/)
    expect(await page.page.inputValue('#neuron')).toBe('4')
    const read = await page.scores()
    await page.page.check('#errors')
    await page.waitFor('#scores-note', /^Measured on/)
    const wrong = await page.scores()
    for (const name of ['laperm', 'adam'] as const) expect(wrong[name]).toBeCloseTo(100 - read[name], 1)
    expect(await page.page.getAttribute('#scores', 'data-scale')).toBe('error')
    await page.page.uncheck('#errors')
    expect(await page.scores()).toEqual(read)

    await page.page.click('text=Half of the weights are 0')
    await page.waitFor('#notices', /“Half of the weights are 0” has started in place of the run before/)
    await page.waitFor('#start', /Pause/)
    await page.untilStep(1)
    expect(await page.page.inputValue('#setting-sparsity')).toBe('0.5')
    expect(new URL(page.page.url()).hash).toContain('model=f2')
    await page.page.click('#notices >> text=Undo')
    await page.waitFor('#where', /^Step 5\b/)
    await page.waitFor('#start', /Go on/)
    expect(new URL(page.page.url()).hash).toMatch(/model=f1.*seed=4/)
    // The same run: the same scores.
    expect(await page.scores()).toEqual(read)
    expect(await page.page.textContent('#notices')).toBe('')
    expect(page.complaints).toEqual([])
    await page.close()
  })
})

describe.skipIf(!hasChromium)('the places of a trained network', () => {
  let page: DemoPage
  beforeAll(async () => {
    page = await demo.open('#lr=0.005&k=10&batch=32&steps=120')
    await page.train()
  })
  afterAll(() => page?.close())

  const measured = async (words: RegExp): Promise<{ readonly altered: number; readonly own: number }> => {
    await page.page.waitForFunction(
      ([before, after]) => {
        const said = document.getElementById('alter-said')?.textContent ?? ''
        return new RegExp(before).test(said) && new RegExp(after).test(said)
      },
      [words.source, reads.source] as const,
    )
    const { altered, own } = reads.exec((await page.page.textContent('#alter-said')) ?? '')?.groups ?? {}
    return { altered: Number(altered), own: Number(own) }
  }
  const shuffle = (percent: number) =>
    page.page.$eval(
      '#shuffle',
      (slider, value) => {
        ;(slider as HTMLInputElement).value = String(value)
        slider.dispatchEvent(new Event('input'))
      },
      percent,
    )

  test('the more of them are shuffled, the less it reads; nothing shuffled is nothing lost', async () => {
    await shuffle(0)
    const none = await measured(/^With nothing shuffled/)
    expect(none.altered).toBe(none.own)
    expect(none.own).toBeGreaterThan(85)
    await shuffle(50)
    const half = await measured(/^With 50% of each/)
    await shuffle(100)
    const all = await measured(/^With 100% of each/)
    expect(half.altered).toBeLessThan(none.own)
    expect(all.altered).toBeLessThan(half.altered)
    expect(all.altered).toBeLessThan(30)
  })

  test.each([
    ['theta0', /its own, as trained/, 0],
    ['otherSeed', /those of another seed/, 15],
    ['gaussian', /Gaussian ones/, 20],
    ['twoValues', /only −1 and 1, scaled/, 40],
  ])('with %s in the learned order it reads on', async (values, words, mostLost) => {
    await page.page.check(`#deal-${values}`)
    const { altered, own } = await measured(words)
    expect(own - altered).toBeLessThanOrEqual(mostLost)
  })

  test("theta_0 in Adam's order reads too, and the run is as it was", async () => {
    const before = await page.page.textContent('#status')
    await page.page.click('#adam-order')
    const { altered } = await measured(/θ₀ in Adam's order/)
    expect(altered).toBeGreaterThan(50)
    expect(await page.page.textContent('#status')).toBe(before)
    expect(page.complaints).toEqual([])
  })
})
