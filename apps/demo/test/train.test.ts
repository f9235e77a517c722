/** Training in a real Chromium: to 90% on every backend, and a run that is paused, stepped, reset and linked to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'

describe.skipIf(!hasChromium)('training', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await openDemo('software')
  })
  afterAll(() => demo?.close())

  const trainTo90 = async (page: DemoPage): Promise<void> => {
    await page.start()
    await page.page.waitForFunction(() => {
      const score = (name: string) => Number.parseFloat(document.getElementById(name)?.textContent ?? '')
      return score('score-laperm') >= 90 && score('score-adam') >= 90
    })
    await page.pause()
  }

  // Few steps and large ones: a program on the CPU plays the GPU here.
  const quick = 'lr=0.005&k=10&batch=32'
  test.each([
    ['wasm', ''],
    ['webgl', '&software=1'],
    ['webgpu', '&software=1'],
  ])(
    'on %s LaPerm and Adam read nine digits of ten, and every weight vector is a permutation',
    async (backend, more) => {
      const page = await demo.open(`#backend=${backend}${more}&${quick}`)
      await trainTo90(page)
      expect(await page.page.textContent('#verdict')).toBe('yes')
      expect(await page.page.textContent('.claim')).toBe('All 202 weight vectors are permutations of θ₀: yes')
      expect(await page.page.textContent('#engine-note')).toMatch(
        { wasm: /WebAssembly/, webgl: /WebGL on/, webgpu: /WebGPU on/ }[backend] ?? /none/,
      )
      expect(page.complaints).toEqual([])
      await page.close()
    },
  )

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
    const page = await demo.open('#model=conv7-small&batch=256')
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
