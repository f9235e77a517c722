/** What goes wrong outside the page's power becomes a message with a way to go on. */
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { drawDigit } from '@laperm/data'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, type DemoPage, hasChromium, openDemo, trainingWorker } from './demo.ts'

const big = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
/** Digits as MNIST's files hold them. */
const idxFiles = (split: 'train' | 'test', count: number): { images: Uint8Array; labels: Uint8Array } => {
  const digits = Array.from({ length: count }, (_, i) => drawDigit(3, split, i))
  return {
    images: Uint8Array.from([
      ...big(0x803),
      ...big(count),
      ...big(28),
      ...big(28),
      ...digits.flatMap(({ image }) => [...image]),
    ]),
    labels: Uint8Array.from([...big(0x801), ...big(count), ...digits.map(({ label }) => label)]),
  }
}

/** End a page's worker by an error that nobody caught. */
const kill = async (page: DemoPage): Promise<void> => {
  const worker = await trainingWorker(page)
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('killed by the test')
    })
  })
  await page.waitFor('#notices', /The training worker has stopped: .*killed by the test/)
}

describe.skipIf(!hasChromium)('trouble', () => {
  let demo: Demo
  let page: DemoPage
  beforeAll(async () => {
    demo = await openDemo()
    page = await demo.open('#seed=7&k=zero&model=resnet&lr=-1&color=blue')
  })
  afterAll(() => demo?.close())

  test('a link with wrong values tells which, and runs with the defaults in their place; a wrong file that is dropped is named too', async () => {
    const notice = await page.waitFor('#notices', /k cannot be/)
    for (const part of [
      'Network cannot be “resnet”',
      'Sync period k cannot be “zero”: it must be a number in decimal notation. The default, 20, stands.',
      'Learning rate cannot be “-1”',
      'The link sets “color”, which is no setting.',
    ])
      expect(notice).toContain(part)
    expect(new URL(page.page.url()).hash).toContain('model=f2')
    expect(await page.page.inputValue('#setting-seed')).toBe('7')

    await page.page.evaluate(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.of(1, 2, 3)], 'notes.txt'))
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
        )
    })
    await page.waitFor(
      '#notices',
      /“notes\.txt” begins with the bytes 01 02 03: MNIST's files are idx files, or gzip files of them/,
    )
  })

  test('a wrong file is named with what is wrong, right ones stay, and the run goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'laperm-idx-'))
    const put = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const [train, test] = [idxFiles('train', 300), idxFiles('test', 100)]
    await page.follow('#model=f1&batch=32&k=5')
    await page.start()
    await page.page.setInputFiles('#files', [
      put('train-images-idx3-ubyte.gz', gzipSync(train.images)),
      put('train-labels-idx1-ubyte', train.labels),
      put('t10k-images-idx3-ubyte', test.images.subarray(0, 5000)),
      put('cat.jpg', Uint8Array.of(255, 216, 255)),
    ])
    const notice = await page.waitFor('#notices', /t10k/)
    expect(notice).toContain('“cat.jpg” is a JPEG picture')
    expect(notice).toMatch(/t10k-images-idx3-ubyte: holds 5,000 bytes, but must hold 78,416/)
    expect(await page.page.textContent('#files-status')).toMatch(
      /Here: train-images-idx3-ubyte\.gz, train-labels-idx1-ubyte\. Still missing: test images/,
    )
    const huge = put('huge-idx3-ubyte', Uint8Array.of(0, 0, 8, 3))
    truncateSync(huge, 3 * 2 ** 30)
    await page.page.setInputFiles('#files', [huge])
    await page.waitFor(
      '#files-status',
      /“huge-idx3-ubyte” has 3,072 MB; this page reads files of up to 256 MB/,
    )
    await page.untilStep((await page.step()) + 3)
    await page.pause()

    await page.page.setInputFiles('#files', [
      put('t10k-images-idx3-ubyte', test.images),
      put('t10k-labels-idx1-ubyte.gz', gzipSync(test.labels)),
    ])
    await page.waitFor('#files-status', /Ready: 300 images to train, 100 to test/)
    await page.page.selectOption('#setting-data', 'files')
    await page.start()
    await page.waitFor('#scores-note', /100 of the 100 test images of your files/)
    await page.waitFor('#verdict', /^yes$/)
    expect(page.complaints).toEqual([])
  })

  test('a worker that dies is replaced, by the offered button or by the next thing that is asked; one that the browser ends without a word is missed', async () => {
    await page.follow('#model=f1&seed=1')
    await page.start()
    await kill(page)
    await page.page.click('#notices >> text=Start again')
    await page.untilStep(5)
    expect(await page.page.textContent('#notices')).toBe('')
    await kill(page)
    await page.page.click('#reset')
    await page.waitFor('#where', /^Step 0$/)
    await page.start()
    await page.untilStep(5)
    expect(await page.page.textContent('#notices')).toBe('')

    const worker = await trainingWorker(page)
    await worker.evaluate(() => close())
    await page.waitFor('#notices', /The training worker has stopped: the browser has ended it/)
    expect(await page.page.textContent('#start')).toBe('Start anew')
    await page.page.click('#start')
    await page.waitFor('#start', /Pause/)
    await page.untilStep(5)
    expect(await page.page.textContent('#notices')).toBe('')
  })

  test('a worker that died says so where its networks are wanted, and another takes files and networks', async () => {
    await page.follow('#model=f1&steps=20')
    await page.train()
    const [download] = await Promise.all([page.page.waitForEvent('download'), page.page.click('#save')])
    const file = join(mkdtempSync(join(tmpdir(), 'laperm-saved-')), download.suggestedFilename())
    await download.saveAs(file)
    await kill(page)
    expect(await page.page.textContent('#start')).toBe('Start anew')
    await page.page.click('#save')
    await page.waitFor('#keep-status', /worker has stopped, and its networks are gone/)
    const board = await page.page.waitForSelector('[role="application"]')
    await board.scrollIntoViewIfNeeded()
    await board.click()
    await page.waitFor('#opinions-note', /worker has stopped, and its networks are gone/)
    // What was trained is still shown until something needs another worker.
    expect(await page.step()).toBe(20)
    await page.page.setInputFiles('#load', file)
    await page.waitFor(
      '#keep-status',
      /Loaded f1-laperm-seed1-step20\.safetensors.*permutations of the initial weights drawn from seed 1: yes/,
    )
    expect(await page.step()).toBe(0)
    expect(await page.page.textContent('#start')).toBe('Start')
    expect(await page.page.textContent('#notices')).toBe('')
  })
})
