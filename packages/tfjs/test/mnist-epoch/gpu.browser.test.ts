/** One epoch with LaPerm in Chromium: on WebGL and on WebGPU, where nothing may be read back while training. */
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isHardwareWanted } from '../../../../test/devices/hardware.ts'
import { openPage } from '../../../../test/devices/open-page.ts'
import { reportMissing } from '../../../../test/devices/required.ts'
import { firstOf, trainingExamples } from './examples.ts'
import { batchSize, type Epoch } from './one-epoch.ts'

const entry = fileURLToPath(new URL('page.ts', import.meta.url))
const all = await trainingExamples()
const { name, images, labels } = isHardwareWanted() ? all : firstOf(all, 10_000)
const partBytes = 6_000_000
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

for (const backend of ['webgl', 'webgpu'] as const) {
  const page = await openPage(entry, backend)
  if (page === undefined)
    reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')
  const started = (await page?.call('start', backend)) as { reason?: string } | undefined
  if (started?.reason !== undefined) reportMissing(backend, started.reason)

  describe.skipIf(started === undefined || started.reason !== undefined)(`in Chromium on ${backend}`, () => {
    test(`after one epoch of ${name} with model.fit every kernel is a permutation of its initial value`, async () => {
      if (page === undefined) throw new Error('no page')
      try {
        for (let from = 0; from < images.length; from += partBytes)
          await page.call('give', base64(images.subarray(from, from + partBytes)))
        const epoch = (await page.call('fit', base64(labels))) as Epoch
        expect(epoch).toMatchObject({
          route: 'registered',
          steps: labels.length / batchSize,
          weightVectors: 42,
          permutedVectors: 42,
        })
        expect(epoch.moved).toBeGreaterThan(0.5)
        expect(epoch.accuracy).toBeGreaterThan(0.5)
      } finally {
        await page.close()
      }
    })
  })
}
