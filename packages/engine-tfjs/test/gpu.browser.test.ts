import { fileURLToPath } from 'node:url'
import { type EngineReport, relativeError } from '@laperm/conformance/engine'
import { afterAll, describe, expect, test } from 'vitest'
import { assertWantedDevice } from '../../../test/devices/hardware.ts'
import { type OpenPage, openPage } from '../../../test/devices/open-page.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { onnxLosses } from './onnx-losses.ts'
import { comparedOn, stepsOn } from './steps-on.ts'

const entry = fileURLToPath(new URL('page.ts', import.meta.url))

for (const name of ['webgl', 'webgpu'] as const) {
  const opened = await openPage(entry, name)
  if (opened === undefined)
    reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')
  const started = (await opened?.call('start', name)) as { describe?: string; reason?: string } | undefined
  if (started?.reason !== undefined) reportMissing(name, started.reason)
  assertWantedDevice(started?.describe)

  describe.skipIf(started?.describe === undefined)(`engine ${name} in Chromium: ${started?.describe}`, () => {
    const page = opened as OpenPage
    afterAll(() => page.close())

    test.each(comparedOn(started?.describe))(
      'the first losses of %s are those of engine-onnx',
      async (model) => {
        const asked = stepsOn(started?.describe, model)
        const losses = (await page.call('losses', { model, ...asked })) as readonly number[]
        expect(relativeError(losses, await onnxLosses(model, asked))).toBeLessThan(1e-4)
      },
    )

    test('kernels are permutations of theta_0 after a synchronization', async () => {
      expect(await page.call('permuted')).toEqual({ weightVectors: 202, permutedVectors: 202, moved: true })
    })

    test('thirty steps and synchronizations leave no tensor and no memory of the device behind', async () => {
      const { before, first, later, after } = (await page.call('leaks')) as Record<string, unknown>
      expect(later).toEqual(first)
      expect(after).toBe(before)
    })

    test('a state that was read goes on bit for bit', async () => {
      expect(await page.call('resumes')).toBe(true)
    })

    // WebGPU's laws are checked on Dawn, by the same kernels; torn steps on WASM, where an optimizer of the test's own can be handed in.
    if (name === 'webgl')
      test('the laws of engines hold', async () => {
        const { report, text } = (await page.call('laws')) as { report: EngineReport; text: string }
        expect(text).not.toContain('FAILED')
        expect(report.passed).toBe(true)
        expect(report.leftOut.map(({ name }) => name)).toEqual([
          'a step that failed halfway stops the session',
        ])
      })

    test('nothing was complained about, and a lost device ends every call with its reason', async () => {
      expect(page.complaints.filter((each) => /error|invalid|validation/i.test(each))).toEqual([])
      const said = (await page.call('lose')) as Record<string, string>
      for (const call of ['during', 'step', 'sync', 'read']) expect(said[call], call).toBe('DeviceLost')
      expect(said['disposed']).toBe('nothing was thrown')
    })
  })
}
