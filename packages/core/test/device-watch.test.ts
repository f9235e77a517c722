import { expect, test } from 'vitest'
import { countKept } from '../../../test/collect-garbage.ts'
import { makeDeviceWatch } from '../src/kernel.ts'

const lossError = (reason: string): Error => new Error(reason)

test('work that is waited for ends when the device is lost, and work after that at once', async () => {
  const watch = makeDeviceWatch()
  const waiting = watch.untilLost(new Promise<never>(() => undefined), lossError)
  watch.lose('unplugged')
  watch.lose('another reason')
  await expect(waiting).rejects.toThrow('unplugged')
  await expect(watch.untilLost(new Promise<never>(() => undefined), lossError)).rejects.toThrow('unplugged')
})

test('work that has ended leaves nothing behind: nobody who waited is told of a later loss', async () => {
  const watch = makeDeviceWatch()
  let told = 0
  const count = (reason: string): Error => {
    told++
    return lossError(reason)
  }
  expect(await watch.untilLost(Promise.resolve(7), count)).toBe(7)
  await expect(watch.untilLost(Promise.reject(new Error('refused')), count)).rejects.toThrow('refused')
  watch.lose('unplugged')
  expect(told).toBe(0)
})

test('no result of work that has ended is kept while the device is there', async () => {
  const watch = makeDeviceWatch()
  const refs: WeakRef<object>[] = []
  for (let i = 0; i < 300; i++)
    refs.push(new WeakRef(await watch.untilLost(Promise.resolve(new Float32Array(4)), lossError)))
  expect(await countKept(refs)).toBeLessThan(3)
  expect(watch.lostReason()).toBe(undefined)
})
