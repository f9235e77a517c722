/**
 * Synchronization on WebGL and WebGPU beside what a tfjs user would write with `tf.topk`, on the same backend, in turns, results
 * compared bit for bit.
 */
import type { ZooName } from '@laperm/models'
import { interleave } from '../harness/interleave.ts'
import { renderRatio, renderTable, writeJson } from '../harness/report.ts'
import type { Spread } from '../harness/statistics.ts'
import { openPageDevice } from './chromium-page.ts'
import { kernelsOf, weightsIn } from './network-kernels.ts'
import { type StartedDevice, startDevice } from './start-device.ts'
import { lacksGpu } from './vulkan-driver.ts'

/** A device that can be closed. */
type Opened = StartedDevice & { readonly isSoftware: boolean; readonly close: () => Promise<void> }

const places: Readonly<Record<string, (network: ZooName) => Promise<Opened>>> = {
  'WebGL in Chromium': (network) => openPageDevice('webgl', network),
  'WebGPU in Chromium': (network) => openPageDevice('webgpu', network),
  'WebGPU in Node (Dawn)': async (network) => {
    const isSoftware = await lacksGpu()
    return {
      ...(await startDevice('webgpu', network, isSoftware)),
      isSoftware,
      close: async () => undefined,
    }
  },
}

const render = ({ median, low, high }: Spread): string =>
  `${median.toFixed(1)} (${low.toFixed(1)}-${high.toFixed(1)})`

const isOurs = (name: string): boolean => name.startsWith('backend-')

/** Rows of one place; ratios are to the fastest of ours, so the smallest ratio of a topk row is what counts. */
const rowsOf = (place: string, times: ReadonlyMap<string, Spread>): readonly (readonly string[])[] => {
  const own = Math.min(...[...times].filter(([name]) => isOurs(name)).map(([, { median }]) => median))
  return [...times].map(([name, time]) => [place, name, render(time), renderRatio(time.median / own)])
}

/** Measure every place that runs here, or those whose name contains `only`. */
export const measureGpu = async (options: {
  readonly network: ZooName
  readonly rounds: number
  readonly only: string | undefined
  readonly json: string
}): Promise<string> => {
  const { network, rounds } = options
  const rows: (readonly string[])[] = []
  const notes: string[] = []
  const measurements: unknown[] = []
  for (const [place, open] of Object.entries(places)) {
    if (options.only !== undefined && !place.toLowerCase().includes(options.only.toLowerCase())) continue
    let opened: Opened
    try {
      opened = await open(network)
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
      notes.push(`Missing: ${place}: ${reason}`)
      continue
    }
    try {
      const different = await opened.firstDifferent()
      if (different !== undefined) throw new Error(`${place}: ${different} gives other bits than ours`)
      const times = await interleave(
        opened.names.map((name) => ({ name, measure: () => opened.run(name) })),
        { rounds, warmup: 1 },
      )
      const measured = rowsOf(
        opened.isSoftware ? `${place}, on the CPU by a software renderer` : place,
        times,
      )
      rows.push(...measured)
      for (const row of measured) console.error(row.join(' | '))
      notes.push(`${place}: ${opened.device}.`)
      if (opened.isSoftware) notes.push(`**${place} found no GPU: its times say nothing of any GPU.**`)
      const { device, isSoftware } = opened
      measurements.push({ place, device, isSoftware, times: Object.fromEntries(times) })
    } finally {
      await opened.close()
    }
  }
  const kernels = kernelsOf(network)
  writeJson(options.json, { network, measurements, notes })
  return renderTable({
    title: `Synchronizing ${network}'s ${kernels.length} kernels (${weightsIn(kernels).toLocaleString('en')} weights) on GPU backends`,
    header: ['where', 'how', 'ms, median (quartiles)', 'ratio to the fastest of ours'],
    rows,
    notes: [
      ...notes,
      `Turns interleaved, ${rounds} rounds; results are read back in every turn and were the same bits by every way.`,
    ],
  })
}
