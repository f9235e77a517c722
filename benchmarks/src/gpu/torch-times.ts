/**
 * WebGPU under Node beside PyTorch on the same machine, in one run: a network's kernels synchronized, the same bytes plainly copied, and a
 * training step of Conv7. Where there is no GPU both run on the CPU, and the table says so.
 */
import { availableParallelism } from 'node:os'
import { makeWebGpuEngine } from '@laperm/engine-tfjs/webgpu'
import { renderEngineError, type ZooName, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type Contender, interleave, type Times } from '../harness/interleave.ts'
import { findPython } from '../harness/python-peer.ts'
import { renderRatio, renderTable, writeJson } from '../harness/report.ts'
import type { Spread } from '../harness/statistics.ts'
import { makeEngineTrainer } from '../train/engine-trainer.ts'
import { makePytorchTrainer } from '../train/pytorch-trainer.ts'
import type { Trainer } from '../train/trainer.ts'
import { type KernelWeights, kernelsOf, weightsIn } from './network-kernels.ts'
import { startTorchKernels, type TorchKernels } from './torch-kernels.ts'
import { useSoftwareVulkanIfAlone } from './vulkan-driver.ts'
import { startWebGpuKernels, type WebGpuKernels } from './webgpu-kernels.ts'

/** A turn takes about this long, so that submitting and the pipe to Python do not count. */
const turnMs = 100
const mostRepeats = 200

type Run = (repeats: number) => Promise<number>

/** As many repeats as fill a turn; what is reported is one of them. */
const contenderOf = async (name: string, run: Run): Promise<Contender> => {
  await run(1)
  const once = await run(1)
  const repeats = Math.max(1, Math.min(mostRepeats, Math.round(turnMs / Math.max(once, 0.01))))
  return { name, measure: async () => (await run(repeats)) / repeats }
}

const assertSameBits = (ours: readonly Float32Array[], theirs: Float32Array): void => {
  const expected = new Uint32Array(theirs.buffer, theirs.byteOffset, theirs.length)
  let at = 0
  for (const values of ours) {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
    const different = bits.findIndex((each, i) => each !== expected[at + i])
    if (different >= 0) throw new Error(`PyTorch and backend-webgpu differ at weight ${at + different}`)
    at += values.length
  }
}

const render = ({ median, low, high }: Spread): string =>
  `${median.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`

const rowsOf = (what: string, times: Times): readonly (readonly string[])[] => {
  const [first] = times.values()
  return [...times].map(([name, time]) => [what, name, render(time), renderRatio(time.median / first.median)])
}

const names = { ours: 'backend-webgpu', withSubgroups: 'backend-webgpu with subgroups' } as const

/** Synchronizing and copying; the copy is a contender like the others. */
const measureSync = async (
  kernels: readonly KernelWeights[],
  plain: WebGpuKernels,
  subgroups: WebGpuKernels | undefined,
  torch: TorchKernels | undefined,
  rounds: number,
): Promise<Times> => {
  const contenders = [
    await contenderOf(names.ours, (repeats) => plain.run('synchronize', repeats)),
    ...(subgroups === undefined
      ? []
      : [await contenderOf(names.withSubgroups, (repeats) => subgroups.run('synchronize', repeats))]),
    await contenderOf('WebGPU copyBufferToBuffer, the same bytes', (repeats) => plain.run('copy', repeats)),
  ]
  if (torch !== undefined) {
    for (const ours of [plain, subgroups])
      if (ours !== undefined) assertSameBits(await ours.results(), await torch.results())
    contenders.push(
      await contenderOf(`torch.sort + scatter_, ${torch.name}`, (repeats) =>
        torch.run('synchronize', repeats),
      ),
      await contenderOf(`copy_, ${torch.name}`, (repeats) => torch.run('copy', repeats)),
    )
  }
  console.error(`synchronizing ${weightsIn(kernels).toLocaleString('en')} weights ...`)
  return interleave(contenders, { rounds, warmup: 1 })
}

const copyNote = (times: Times, weights: number): string => {
  const copy = times.get('WebGPU copyBufferToBuffer, the same bytes')?.median ?? Number.NaN
  const own = Math.min(
    ...[names.ours, names.withSubgroups].map((name) => times.get(name)?.median ?? Number.POSITIVE_INFINITY),
  )
  const gigabytes = (8 * weights) / copy / 1e6
  return `A plain copy moves ${gigabytes.toFixed(1)} GB/s (read and written); the fastest of ours takes ${(own / copy).toFixed(1)} times as long: ${((100 * copy) / own).toPrecision(2)}% of a copy's bandwidth.`
}

/** A training step of Conv7 with Adam alone: ours on WebGPU, PyTorch eager on its device. */
const measureSteps = async (
  allowSoftware: boolean,
  python: string | undefined,
  isCuda: boolean,
  batchSize: number,
  rounds: number,
): Promise<Times> => {
  const workload = {
    model: zoo.conv7,
    batchSize,
    threads: availableParallelism(),
    device: isCuda ? 'cuda' : 'cpu',
  }
  const made = await makeWebGpuEngine({ allowSoftware })()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const trainers: Trainer[] = [await makeEngineTrainer(made.right, 'engine-tfjs on WebGPU', workload)]
  if (python !== undefined) trainers.push(await makePytorchTrainer(python, workload))
  try {
    const contenders: Contender[] = []
    const where = isCuda ? 'CUDA' : 'CPU'
    for (const { name, trainSteps } of trainers)
      contenders.push(
        await contenderOf(name.startsWith('PyTorch') ? `${name} eager, ${where}` : name, (steps) =>
          trainSteps(steps, 0),
        ),
      )
    console.error('training Conv7 ...')
    return await interleave(contenders, { rounds, warmup: 1 })
  } finally {
    await Promise.all(trainers.map((trainer) => trainer.stop()))
  }
}

/** Measure; PyTorch takes part where an interpreter has it. */
export const measureTorch = async (options: {
  readonly network: ZooName
  readonly rounds: number
  readonly batchSize: number
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const { network, rounds, batchSize } = options
  const isSoftware = useSoftwareVulkanIfAlone()
  const kernels = kernelsOf(network)
  const weights = weightsIn(kernels)
  const python = findPython(options.python)
  const notes: string[] = []
  const plain = await startWebGpuKernels(kernels, isSoftware, false)
  const tried = await startWebGpuKernels(kernels, isSoftware, true)
  const subgroups = tried.subgroups ? tried : undefined
  let torch: TorchKernels | undefined
  try {
    if (python === undefined)
      throw new Error('npm run setup:python --workspace benchmarks, or set LAPERM_PYTHON')
    torch = await startTorchKernels(python, kernels)
  } catch (error) {
    notes.push(`Missing: PyTorch: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
  notes.push(
    `WebGPU: ${plain.device}${isSoftware ? ' (no GPU was at hand: this runs on the CPU)' : ''}; subgroups ${subgroups === undefined ? 'not offered, or not proven' : 'used where named'}.`,
  )
  if (torch !== undefined && !torch.isCuda) notes.push(`PyTorch found no CUDA device: ${torch.name}.`)
  const sync = await measureSync(kernels, plain, subgroups, torch, rounds)
  notes.push(copyNote(sync, weights))
  for (const each of [plain, tried, torch])
    if (each !== undefined) 'close' in each ? each.close() : each.stop()
  const steps = await measureSteps(
    isSoftware,
    torch === undefined ? undefined : python,
    torch?.isCuda ?? false,
    batchSize,
    rounds,
  )
  writeJson(options.json, {
    network,
    sync: Object.fromEntries(sync),
    steps: Object.fromEntries(steps),
    notes,
  })
  return renderTable({
    title: `WebGPU under Node beside PyTorch`,
    header: ['what', 'how', 'ms, median (quartiles)', 'ratio to the first'],
    rows: [
      ...rowsOf(
        `synchronize ${network}'s ${kernels.length} kernels (${weights.toLocaleString('en')} weights)`,
        sync,
      ),
      ...rowsOf(`Conv7 step, batch ${batchSize}, Adam`, steps),
    ],
    notes: [
      ...notes,
      `Turns interleaved, ${rounds} rounds; results stay on the device while the clock runs${torch === undefined ? '' : ", and were the same bits as PyTorch's"}.`,
    ],
  })
}
