/** Training in a real Chromium on WebAssembly: to 90%, and a run that is paused, stepped, reset and linked to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'

describe.skipIf(!hasChromium)('training', () => {
  let demo: Demo
  let page: DemoPage
  beforeAll(async () => {
    demo = await openDemo()
    page = await demo.open('#seed=5&lr=0.005&k=10&batch=32')
  })
  afterAll(() => demo?.close())

  test('LaPerm and Adam read nine digits of ten; the run pauses, takes single steps, goes on where it was, and starts over after a reset', async () => {
    await page.start()
    await page.page.waitForFunction(() => {
      const score = (name: string) => Number.parseFloat(document.getElementById(name)?.textContent ?? '')
      return score('score-laperm') >= 90 && score('score-adam') >= 90
    })
    await page.pause()
    expect(await page.page.textContent('.claim')).toBe('All 202 weight vectors are permutations of θ₀: yes')
    expect(await page.page.textContent('#engine-note')).toMatch(/WebAssembly/)
    const paused = await page.step()
    expect(await page.page.textContent('#status')).toMatch(
      new RegExp(`^Step ${paused}\\. Test accuracy: LaPerm [\\d.]+%`),
    )
    const losses = await page.firstLosses()
    await page.page.click('#step')
    await page.page.waitForFunction(
      (step) => Number(document.getElementById('where')?.dataset.step) === step,
      paused + 1,
    )
    await page.start()
    await page.untilStep(paused + 6)
    expect(await page.firstLosses()).toEqual(losses)
    await page.page.click('#reset')
    await page.waitFor('#where', /^Step 0$/)
    await page.waitFor('#start', /^Start$/)
    expect(await page.page.textContent('#verdict')).toBe('not checked yet')
    await page.start()
    await page.untilStep(12)
    await page.pause()
    expect(await page.firstLosses()).toEqual(losses)
    expect(page.complaints).toEqual([])
  })

  test('the small Conv7 trains, and a reset in the middle of a step leaves nothing of the run, which tells of that step before it stops', async () => {
    await page.follow('#model=conv7-small&batch=16&k=5&steps=10')
    for (let time = 0; time < 2; time++) {
      await page.start()
      await page.untilStep(1)
      await page.page.click('#reset')
      await page.waitFor('#start', /^Start$/)
      await page.waitFor('#status', /^$/)
      await page.waitFor('#where', /^Step 0$/)
      expect(await page.page.textContent('#start')).toBe('Start')
      expect(await page.page.textContent('#score-laperm')).toBe('–')
    }
    await page.start()
    await page.waitFor('#start', /Go on/)
    // Kernels and biases of eight layers: 6 x 16 + 32 + 10 kernels' vectors, and 8 biases of one each.
    expect(await page.page.textContent('.claim')).toBe('All 146 weight vectors are permutations of θ₀: yes')
    expect(await page.firstLosses()).toHaveLength(10)
    expect(page.complaints).toEqual([])
  })

  test('a link to a run gives the same first losses in another browser, and another seed gives others', async () => {
    await page.follow('#model=mlp&seed=7&k=3&sparsity=0.3&init=glorotNormal&lr=0.002&steps=10')
    await page.train()
    const losses = await page.firstLosses()
    expect(losses).toHaveLength(10)
    const link = new URL(page.page.url()).hash

    const second = await demo.open(link)
    await second.train()
    expect(await second.firstLosses()).toEqual(losses)
    expect(new URL(second.page.url()).hash).toBe(link)
    await second.page.fill('#setting-seed', '8')
    await second.page.press('#setting-seed', 'Tab')
    await second.waitFor('#start', /Start anew/)
    await second.train()
    const others = await second.firstLosses()
    expect(others).toHaveLength(10)
    for (const [i, loss] of others.entries()) expect(loss).not.toBe(losses[i])
    await second.close()
  })

  test('one shared value without zeros is refused before anything is loaded, and a share of zeros mends it', async () => {
    await page.follow('#model=f1&init=sharedValue&shared=0.05&steps=20')
    await page.page.click('#start')
    await page.waitFor('#notices', /all initial weights are equal, so that no permutation changes anything/)
    expect(await page.page.textContent('#start')).toBe('Start')
    const trainWith = async (setting: string, value: string): Promise<string | null> => {
      await page.page.fill(setting, value)
      await page.page.press(setting, 'Tab')
      await page.train()
      return page.page.textContent('#verdict')
    }
    // Twenty steps of 0.001 do not reorder a gap of 0.05: that is said, and is no green yes.
    expect(await trainWith('#setting-sparsity', '0.8')).toBe('⚠ yes, but no weight has moved')
    expect(await page.page.getAttribute('#proof', 'data-verdict')).toBe('still')
    expect(await page.page.textContent('#told-moves')).toMatch(/^nothing yet/)
    expect(await page.page.textContent('#notices')).toBe('')
    expect(await trainWith('#setting-lr', '0.01')).toBe('yes')
    expect(await page.page.textContent('#told-moves')).toMatch(
      /^[\d,]+ of 7,840 weights are in another place/,
    )
  })

  test('Lookahead is measured as often as Adam, also between its synchronizations', async () => {
    await page.follow('#model=f1&steps=40&lookahead=1&lookahead-k=1000')
    await page.train()
    const rows = await page.accuracies()
    expect(rows.map(([step]) => step)).toEqual(['0', '20', '40'])
    for (const row of rows) expect(row).not.toContain('–')
  })
})
