/** What the benchmark's page runs inside Chromium. */
import type { ZooName } from '@laperm/models'
import { type StartedDevice, startDevice } from './start-device.ts'

let started: StartedDevice | undefined

const device = (): StartedDevice => {
  if (started === undefined) throw new Error('start first')
  return started
}

Object.assign(globalThis, {
  laperm: {
    start: async (asked: { api: 'webgl' | 'webgpu'; network: ZooName; allowSoftware: boolean }) => {
      started = await startDevice(asked.api, asked.network, asked.allowSoftware)
      return { device: started.device, names: started.names }
    },
    run: (name: string) => device().run(name),
    firstDifferent: async () => (await device().firstDifferent()) ?? null,
  },
})
