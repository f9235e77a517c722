/**
 * Training in a real Chromium: to 90% on WebAssembly, the same run on a GPU, and a run that is paused, stepped, reset and linked to.
 *
 * Only tests that need a GPU have the software one, which draws the whole page too, slowly.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, hasChromium, openDemo } from './demo.ts'

describe.skipIf(!hasChromium)('training on a GPU', () => {
  let demo: Demo
  let onWasm: Run
  beforeAll(async () => {
    demo = await openDemo('software')
    onWasm = await runOn('wasm')
  })
  afterAll(() => demo?.close())

  interface Run {
    /** Of each step: LaPerm's, Adam's and Lookahead's. */
    readonly losses: readonly (readonly number[])[]
    readonly scores: readonly number[]
    readonly engine: string
    readonly claim: string
  }
  /** Two synchronizations of LaPerm and two of Lookahead are in the first ten losses; step 20 is evaluated. */
  const runOn = async (backend: string): Promise<Run> => {
    const page = await demo.open(`#backend=${backend}&software=1&lr=0.005&k=4&batch=32&steps=20&lookahead=1`)
    await page.page.click('#start')
    await page.waitFor('#start', /Go on/)
    const rows = await page.firstLosses()
    const { laperm, adam, lookahead } = await page.scores()
    const run = {
      losses: rows.map((row) => row.split(' ').slice(1).map(Number)),
      scores: [laperm, adam, lookahead],
      engine: (await page.page.textContent('#engine-note')) ?? '',
      claim: (await page.page.textContent('.claim')) ?? '',
    }
    expect(page.complaints).toEqual([])
    await page.close()
    return run
  }

  test.each([
    ['webgl', /WebGL on/],
    ['webgpu', /WebGPU on/],
  ])('%s trains as WebAssembly does, and every weight vector is a permutation', async (backend, name) => {
    const run = await runOn(backend)
    expect(run.engine).toMatch(name)
    expect(run.claim).toBe('All 202 weight vectors are permutations of θ₀: yes')
    expect(run.losses).toHaveLength(10)
    // Sums in another order differ in their last bits, and so does, here and there, the order of two nearly equal weights.
    for (const [i, loss] of run.losses.flat().entries())
      expect(loss, `loss ${i}`).toBeCloseTo(onWasm.losses.flat()[i], 2)
    for (const [i, score] of run.scores.entries()) {
      expect(score).toBeGreaterThan(50)
      expect(Math.abs(score - onWasm.scores[i])).toBeLessThan(2)
    }
  })
})

describe.skipIf(!hasChromium)('training', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await openDemo()
  })
  afterAll(() => demo?.close())

  test('on WebAssembly LaPerm and Adam read nine digits of ten, and every weight vector is a permutation', async () => {
    const page = await demo.open('#lr=0.005&k=10&batch=32')
    await page.start()
    await page.page.waitForFunction(() => {
      const score = (name: string) => Number.parseFloat(document.getElementById(name)?.textContent ?? '')
      return score('score-laperm') >= 90 && score('score-adam') >= 90
    })
    await page.pause()
    expect(await page.page.textContent('.claim')).toBe('All 202 weight vectors are permutations of θ₀: yes')
    expect(await page.page.textContent('#engine-note')).toMatch(/WebAssembly/)
    expect(page.complaints).toEqual([])
    await page.close()
  })

  test('a run pauses, takes single steps, goes on where it was, and starts over after a reset', async () => {
    const page = await demo.open('#seed=5')
    await page.start()
    await page.page.waitForFunction(() => Number(document.getElementById('where')?.dataset.step) >= 25)
    await page.pause()
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
    await page.page.waitForFunction(
      (step) => Number(document.getElementById('where')?.dataset.step) > step,
      paused + 5,
    )
    expect(await page.firstLosses()).toEqual(losses)
    await page.page.click('#reset')
    await page.waitFor('#where', /^Step 0$/)
    await page.waitFor('#start', /^Start$/)
    expect(await page.page.textContent('#verdict')).toBe('not checked yet')
    await page.start()
    await page.page.waitForFunction(() => Number(document.getElementById('where')?.dataset.step) >= 12)
    await page.pause()
    expect(await page.firstLosses()).toEqual(losses)
    expect(page.complaints).toEqual([])
    await page.close()
  })

  test('a reset in the middle of a step leaves nothing of the run, which tells of that step before it stops', async () => {
    const page = await demo.open('#model=conv7-small&batch=64')
    for (let time = 0; time < 3; time++) {
      await page.start()
      await page.page.waitForFunction(() => Number(document.getElementById('where')?.dataset.step) >= 1)
      await page.page.click('#reset')
      await page.waitFor('#start', /^Start$/)
      await page.waitFor('#status', /^$/)
      await page.waitFor('#where', /^Step 0$/)
      expect(await page.page.textContent('#start')).toBe('Start')
      expect(await page.page.textContent('#score-laperm')).toBe('–')
    }
    expect(page.complaints).toEqual([])
    await page.close()
  })

  test('a link to a run gives the same first losses in another browser, and another seed gives others', async () => {
    const lossesOf = async (hash: string): Promise<{ losses: readonly string[]; link: string }> => {
      const page = await demo.open(hash)
      await page.start()
      await page.page.waitForFunction(() => Number(document.getElementById('where')?.dataset.step) >= 10)
      await page.pause()
      const losses = await page.firstLosses()
      const link = new URL(page.page.url()).hash
      await page.close()
      return { losses, link }
    }
    const first = await lossesOf('#model=mlp&seed=7&k=3&sparsity=0.3&init=glorotNormal&lr=0.002')
    expect(first.losses).toHaveLength(10)
    const second = await lossesOf(first.link)
    expect(second).toEqual(first)
    const other = await lossesOf(first.link.replace('seed=7', 'seed=8'))
    expect(other.losses).not.toEqual(first.losses)
  })

  test('one shared value without zeros is refused before anything is loaded, and a share of zeros mends it', async () => {
    const page = await demo.open('#init=sharedValue&shared=0.05&steps=20')
    await page.page.click('#start')
    await page.waitFor('#notices', /all initial weights are equal, so that no permutation changes anything/)
    expect(await page.page.textContent('#start')).toBe('Start')
    const trainWith = async (setting: string, value: string): Promise<string | null> => {
      await page.page.fill(setting, value)
      await page.page.press(setting, 'Tab')
      await page.page.click('#start')
      await page.waitFor('#start', /Go on/)
      return page.page.textContent('#verdict')
    }
    // Twenty steps of 0.001 do not reorder a gap of 0.05: that is said, and is no green yes.
    expect(await trainWith('#setting-sparsity', '0.8')).toBe('⚠ yes, but no weight has moved')
    expect(await page.page.getAttribute('#proof', 'data-verdict')).toBe('still')
    expect(await page.page.textContent('#told-moves')).toMatch(/^nothing yet/)
    expect(await page.page.textContent('#notices')).toBe('')
    expect(await trainWith('#setting-lr', '0.01')).toBe('yes')
    expect(await page.page.textContent('#told-moves')).toMatch(
      /^[\d,]+ of 109,184 weights are in another place/,
    )
    await page.close()
  })

  test('Lookahead is measured as often as Adam, also between its synchronizations', async () => {
    const page = await demo.open('#steps=40&lookahead=1&lookahead-k=1000')
    await page.page.click('#start')
    await page.waitFor('#start', /Go on/)
    await page.firstLosses()
    const rows = await page.page.$$eval('#accuracies tbody tr', (found) =>
      found.map((row) => [...row.children].map((cell) => cell.textContent)),
    )
    expect(rows.map(([step]) => step)).toEqual(['0', '20', '40'])
    for (const row of rows) expect(row).not.toContain('–')
    await page.close()
  })

  test('the small Conv7 trains on WebAssembly, where tfjs alone trains no convolution', async () => {
    const page = await demo.open('#model=conv7-small&batch=8&k=5&steps=10')
    await page.start()
    await page.waitFor('#start', /Go on/)
    // Kernels and biases of eight layers: 6 x 16 + 32 + 10 kernels' vectors, and 8 biases of one each.
    expect(await page.page.textContent('.claim')).toBe('All 146 weight vectors are permutations of θ₀: yes')
    const losses = await page.firstLosses()
    expect(losses).toHaveLength(10)
    expect(page.complaints).toEqual([])
    await page.close()
  })
})
