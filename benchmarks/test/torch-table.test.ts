import { describe, expect, test } from 'vitest'
import { type Measured, rowsOf, titleOf, warningsOf, webGpuPlace } from '../src/gpu/torch-table.ts'
import { spreadOf } from '../src/harness/statistics.ts'

const software = webGpuPlace('google swiftshader', true)
const hardware = webGpuPlace('nvidia hopper', false)
const cuda = { device: 'NVIDIA H100', onGpu: true }
const cpu = { device: 'CPU, 2 threads', onGpu: false }

const copy = spreadOf([1, 2, 3])
const measured: readonly Measured[] = [
  { who: 'ours', place: hardware, isOurs: true, time: spreadOf([8, 16, 24]), copy },
  { who: 'ours, faster', place: hardware, isOurs: true, time: spreadOf([4, 8, 12]), copy },
  { who: 'a copy', place: hardware, isOurs: false, time: copy, copy },
  { who: 'PyTorch', place: cuda, isOurs: false, time: spreadOf([16, 32, 48]) },
]

describe('the table of WebGPU beside PyTorch', () => {
  test('a row says who, where, how long, the ratio to the fastest of ours and the share of a copy', () => {
    // 8 / 4, 16 / 8 and 24 / 12 are 2; a copy takes an eighth of ours and a quarter of the faster one.
    expect(rowsOf('sync', measured)).toEqual([
      ['sync', 'ours', 'nvidia hopper', '16.000 (12.000-20.000)', '2.00', '13%'],
      ['sync', 'ours, faster', 'nvidia hopper', '8.000 (6.000-10.000)', '1.00', '25%'],
      ['sync', 'a copy', 'nvidia hopper', '2.000 (1.500-2.500)', '0.25', '100%'],
      ['sync', 'PyTorch', 'NVIDIA H100', '32.000 (24.000-40.000)', '4.00', ''],
    ])
  })

  test('a software renderer is never named as a device of its own: every row, the title and a warning say CPU', () => {
    const rows = rowsOf('sync', [{ who: 'ours', place: software, isOurs: true, time: copy }])
    expect(rows[0][2]).toBe('the CPU, by the software renderer google swiftshader')
    expect(titleOf(software, undefined)).toBe('WebGPU under Node on the CPU')
    expect(warningsOf(software, undefined)).toEqual([expect.stringContaining('found no GPU')])
  })

  test('a GPU beside a CPU is warned of, whichever side has it; two GPUs are not', () => {
    const different = expect.stringContaining('different kinds of device')
    expect(warningsOf(hardware, cpu)).toContainEqual(different)
    expect(warningsOf(software, cuda)).toContainEqual(different)
    expect(warningsOf(software, cpu)).not.toContainEqual(different)
    expect(titleOf(hardware, cuda)).toBe('WebGPU under Node on a GPU, PyTorch on a GPU')
    expect(warningsOf(hardware, cuda)).toEqual([])
  })
})
