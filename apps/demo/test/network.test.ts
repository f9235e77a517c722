/** A trained network is asked about a drawing, saved, and loaded again. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawDigit } from '@laperm/data'
import { decodeSafetensors } from '@laperm/formats'
import { unpackNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo } from './demo.ts'

describe.skipIf(!hasChromium)('a trained network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laperm-networks-'))
  let demo: Demo
  let trained: DemoPage
  let other: DemoPage
  let file: string

  beforeAll(async () => {
    demo = await openDemo()
    trained = await demo.open('#steps=200&lr=0.003')
    await trained.train()
    other = await demo.open('#model=mlp&seed=99')
  })
  afterAll(() => demo?.close())

  test('says what was drawn with the mouse', async () => {
    const { page } = trained
    const board = await page.waitForSelector('[role="application"]')
    await board.scrollIntoViewIfNeeded()
    const box = await board.boundingBox()
    if (box === null) throw new Error('the pad is nowhere')
    // A one: a straight line down the middle, the digit that nobody can mistake.
    const at = (x: number, y: number): readonly [number, number] => [
      box.x + x * box.width,
      box.y + y * box.height,
    ]
    await page.mouse.move(...at(0.53, 0.2))
    await page.mouse.down()
    for (let y = 0.2; y <= 0.8; y += 0.05) await page.mouse.move(...at(0.53 - 0.06 * (y - 0.2), y))
    await page.mouse.up()
    await page.waitForFunction(() => document.querySelectorAll('#opinions tbody tr').length === 2)
    await trained.waitFor('#opinions-note', /LaPerm says 1, Adam says 1/)
    const shares = await page.$$eval('#opinions tr.laperm li', (items) =>
      items.map((item) => Number.parseFloat(item.getAttribute('aria-label')?.split(' ')[1] ?? '')),
    )
    expect(shares).toHaveLength(10)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0)
  })

  test('is saved with model, seed and initializer, and its accuracy', async () => {
    const { page } = trained
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')])
    file = join(folder, download.suggestedFilename())
    await download.saveAs(file)
    expect(download.suggestedFilename()).toBe('f2-laperm-seed1-step200.safetensors')
    const decoded = decodeSafetensors(file, readFileSync(file))
    if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left))
    const { metadata, tensors } = decoded.right
    expect(metadata).toMatchObject({
      format: 'laperm-weights/1',
      model: 'f2',
      optimizer: 'laperm',
      seed: '1',
      step: '200',
      initializer: '{"kind":"heUniform"}',
    })
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['dense1/kernel', [784, 128]],
      ['dense2/kernel', [128, 64]],
      ['dense3/kernel', [64, 10]],
    ])
    expect(await page.textContent('#keep-status')).toContain(
      `test accuracy ${(100 * Number(metadata.testAccuracy)).toFixed(1)}%`,
    )
  })

  test('loaded by somebody else has the same accuracy, and is a permutation of what its seed draws', async () => {
    await other.page.setInputFiles('#load', file)
    const said = await other.waitFor('#keep-status', /^Loaded f2-laperm/)
    const [, now, before] =
      /Test accuracy ([\d.]+%) on 1,000 images of digits \(([\d.]+%) when it was saved\)/.exec(said) ?? []
    expect(now).toBeDefined()
    expect(now).toBe(before)
    expect(said).toContain(
      'All 202 weight vectors are permutations of the initial weights drawn from seed 1: yes.',
    )
    const decoded = decodeSafetensors(file, readFileSync(file))
    if (E.isLeft(decoded)) throw new Error('the file is damaged')
    expect(Number(await other.page.getAttribute('#keep-status', 'data-accuracy'))).toBe(
      Number(decoded.right.metadata.testAccuracy),
    )
    expect(other.complaints).toEqual([])
  })

  test("saved as .laperm is LaPerm's alone, smaller, and the same weights for everybody who loads it", async () => {
    const { page } = trained
    await page.selectOption('#save-which', 'adam')
    expect(await page.isDisabled('#save-packed')).toBe(true)
    await page.selectOption('#save-which', 'laperm')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-packed')])
    expect(download.suggestedFilename()).toBe('f2-laperm-seed1-step200.laperm')
    const packedFile = join(folder, download.suggestedFilename())
    await download.saveAs(packedFile)
    const bytes = readFileSync(packedFile)
    expect(bytes.length).toBeLessThan(readFileSync(file).length / 3)
    const unpacked = unpackNetwork(packedFile, bytes)
    const decoded = decodeSafetensors(file, readFileSync(file))
    if (E.isLeft(unpacked) || E.isLeft(decoded)) throw new Error('a file is damaged')
    expect(unpacked.right.params.map(({ values }) => values)).toEqual(
      decoded.right.tensors.map(({ values }) => values),
    )
    await other.page.setInputFiles('#load', packedFile)
    const said = await other.waitFor('#keep-status', /^Loaded f2-laperm.*\.laperm/)
    expect(said).toContain(
      'All 202 weight vectors are permutations of the initial weights drawn from seed 1: yes.',
    )
    expect(Number(await other.page.getAttribute('#keep-status', 'data-accuracy'))).toBe(
      Number(decoded.right.metadata.testAccuracy),
    )
    expect(other.complaints).toEqual([])
    bytes[bytes.length - 1] ^= 1
    writeFileSync(join(folder, 'damaged.laperm'), bytes)
    await page.setInputFiles('#load', join(folder, 'damaged.laperm'))
    await trained.waitFor('#keep-status', /damaged\.laperm: .* Nothing was loaded/)
  })

  test('that was damaged, or is no network, is refused, and the trained ones are still there', async () => {
    const damaged = readFileSync(file)
    damaged[damaged.length - 1] ^= 1
    writeFileSync(join(folder, 'damaged.safetensors'), damaged)
    await trained.page.setInputFiles('#load', join(folder, 'damaged.safetensors'))
    await trained.waitFor('#keep-status', /damaged\.safetensors: expected sha256 .* Nothing was loaded/)
    writeFileSync(join(folder, 'photo.safetensors'), drawDigit(1, 'train', 0).image)
    await trained.page.setInputFiles('#load', join(folder, 'photo.safetensors'))
    await trained.waitFor(
      '#keep-status',
      /photo\.safetensors” begins with the bytes .*: a network is a \.safetensors/,
    )
    expect(await trained.step()).toBe(200)
    expect((await trained.scores()).laperm).toBeGreaterThan(85)
    expect(trained.complaints).toEqual([])
  })
})
