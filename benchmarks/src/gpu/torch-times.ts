/**
 * WebGPU under Node beside PyTorch on the same machine, in one run: a network's kernels synchronized, the same bytes plainly copied, and a
 * training step of Conv7. Where there is no GPU both run on the CPU, and the table says so.
 */
import { availableParallelism } from 'node:os'
import { renderEngineError } from '@laperm/engine'
import { makeWebGpuEngine } from '@laperm/engine-tfjs/webgpu'
import { type ZooName, zoo } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type Contender, interleave } from '../harness/interleave.ts'
import { findPython } from '../harness/python-peer.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import type { Spread } from '../harness/statistics.ts'
import { makeEngineTrainer } from '../train/engine-trainer.ts'
import { makePytorchTrainer } from '../train/pytorch-trainer.ts'
import { type KernelWeights, kernelsOf, weightsIn } from './network-kernels.ts'
import { startTorchKernels, type TorchKernels } from './torch-kernels.ts'
import { header, type Measured, renderBandwidth, rowsOf, titleOf, warningsOf } from './torch-table.ts'
import { lacksGpu } from './vulkan-driver.ts'
import { type KernelWork, startWebGpuKernels, type WebGpuKernels } from './webgpu-kernels.ts'

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

/** Contenders keep their names unique; the table has the device in a column of its own. */
const names = {
  ours: 'backend-webgpu',
  withoutSubgroups: 'backend-webgpu without subgroups',
  newBanks: 'backend-webgpu into a new bank each time',
  copy: 'WebGPU copyBufferToBuffer',
  torch: 'torch.sort + scatter_',
  torchCopy: 'copy_',
} as const

/** The kernels on both sides. */
interface Sides {
  /** As a user gets it: with subgroups where the device has them and they prove right. */
  readonly ours: WebGpuKernels
  /** Where `ours` has them. */
  readonly withoutSubgroups: WebGpuKernels | undefined
  readonly torch: TorchKernels | undefined
}

/** One line of the table before it is measured. */
interface Line {
  readonly name: string
  readonly side: WebGpuKernels | TorchKernels
  readonly run: Run
  readonly copyName: string
}

const linesOf = ({ ours, withoutSubgroups, torch }: Sides): readonly Line[] => {
  const { copy: copyName, torchCopy } = names
  const own = (name: string, side: WebGpuKernels, what: KernelWork): Line => ({
    name,
    side,
    run: (repeats) => side.run(what, repeats),
    copyName,
  })
  const theirs = (name: string, side: TorchKernels, what: 'synchronize' | 'copy'): Line => ({
    name,
    side,
    run: (repeats) => side.run(what, repeats),
    copyName: torchCopy,
  })
  return [
    own(names.ours, ours, 'synchronize'),
    ...(withoutSubgroups === undefined ? [] : [own(names.withoutSubgroups, withoutSubgroups, 'synchronize')]),
    own(names.newBanks, ours, 'synchronize into a new bank'),
    own(names.copy, ours, 'copy'),
    ...(torch === undefined
      ? []
      : [theirs(names.torch, torch, 'synchronize'), theirs(names.torchCopy, torch, 'copy')]),
  ]
}

/** Synchronizing and copying; the copies are contenders like the others. */
const measureSync = async (sides: Sides, rounds: number): Promise<readonly Measured[]> => {
  const { ours, withoutSubgroups, torch } = sides
  if (torch !== undefined)
    for (const own of [ours, withoutSubgroups])
      if (own !== undefined) assertSameBits(await own.results(), await torch.results())
  const lines = linesOf(sides)
  const contenders: Contender[] = []
  for (const { name, run } of lines) contenders.push(await contenderOf(name, run))
  const times = await interleave(contenders, { rounds, warmup: 1 })
  return lines.map(({ name, side, copyName }) => ({
    who: 'name' in side ? `${side.name}: ${name}` : name,
    place: side.place,
    isOurs: name.startsWith('backend-'),
    time: times.get(name) as Spread,
    copy: times.get(copyName) as Spread,
  }))
}

/** A training step of Conv7 with Adam alone: ours on WebGPU, PyTorch eager on its device. */
const measureSteps = async (
  { ours, torch }: Pick<Sides, 'ours' | 'torch'>,
  python: string | undefined,
  batchSize: number,
  rounds: number,
): Promise<readonly Measured[]> => {
  const workload = {
    model: zoo.conv7,
    batchSize,
    threads: availableParallelism(),
    device: torch?.place.onGpu === true ? 'cuda' : 'cpu',
  }
  const made = await makeWebGpuEngine({ allowSoftware: !ours.place.onGpu })()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const sides = [
    {
      trainer: await makeEngineTrainer(made.right, 'engine-tfjs on WebGPU', workload),
      place: ours.place,
      isOurs: true,
    },
  ]
  if (python !== undefined && torch !== undefined)
    sides.push({ trainer: await makePytorchTrainer(python, workload), place: torch.place, isOurs: false })
  try {
    const contenders: Contender[] = []
    for (const { trainer } of sides)
      contenders.push(await contenderOf(trainer.name, (steps) => trainer.trainSteps(steps, 0)))
    const times = [...(await interleave(contenders, { rounds, warmup: 1 })).values()]
    return sides.map(({ trainer, place, isOurs }, i) => ({
      who: isOurs ? trainer.name : `${trainer.name} eager`,
      place,
      isOurs,
      time: times[i],
    }))
  } finally {
    await Promise.all(sides.map(({ trainer }) => trainer.stop()))
  }
}

/** PyTorch with the kernels, or why it takes no part. */
const startTorch = async (
  python: string | undefined,
  kernels: readonly KernelWeights[],
): Promise<TorchKernels | string> => {
  if (python === undefined) return 'npm run setup:python --workspace benchmarks, or set LAPERM_PYTHON'
  try {
    return await startTorchKernels(python, kernels)
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error)
  }
}

const bandwidthsOf = (measured: readonly Measured[], weights: number): readonly string[] =>
  measured
    .filter(({ time, copy }) => time === copy)
    .map(({ who, place, time }) => renderBandwidth(who, place, weights, time))

/** Measure; PyTorch takes part where an interpreter has it. */
export const measureTorch = async (options: {
  readonly network: ZooName
  readonly rounds: number
  readonly batchSize: number
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const { network, rounds, batchSize } = options
  const isSoftware = await lacksGpu()
  const kernels = kernelsOf(network)
  const weights = weightsIn(kernels)
  const python = findPython(options.python)
  const ours = await startWebGpuKernels(kernels, isSoftware, true)
  const withoutSubgroups = ours.subgroups ? await startWebGpuKernels(kernels, isSoftware, false) : undefined
  const started = await startTorch(python, kernels)
  const torch = typeof started === 'string' ? undefined : started
  console.error(`synchronizing ${weights.toLocaleString('en')} weights ...`)
  const sync = await measureSync({ ours, withoutSubgroups, torch }, rounds)
  for (const each of [ours, withoutSubgroups]) each?.close()
  torch?.stop()
  console.error('training Conv7 ...')
  const steps = await measureSteps({ ours, torch }, python, batchSize, rounds)
  const notes = [
    ...warningsOf(ours.place, torch?.place),
    ...(typeof started === 'string' ? [`Missing: PyTorch: ${started}`] : []),
    ...(withoutSubgroups === undefined
      ? ['Subgroups are not offered by this device, or did not prove right.']
      : []),
    ...bandwidthsOf(sync, weights),
    `Synchronizing and copying: the results stay on the device while the clock runs${torch === undefined ? '' : ", and were the same bits as PyTorch's"}.`,
    'A step of ours takes its batch from the host and reads its loss and its hits back; PyTorch has its batches on its device and reads the loss once a turn.',
    `Turns interleaved, ${rounds} rounds.`,
  ]
  writeJson(options.json, { network, batchSize, sync, steps, notes })
  return renderTable({
    title: titleOf(ours.place, torch?.place),
    header,
    rows: [
      ...rowsOf(
        `synchronize ${network}'s ${kernels.length} kernels (${weights.toLocaleString('en')} weights)`,
        sync,
      ),
      ...rowsOf(`Conv7 step, batch ${batchSize}, Adam`, steps),
    ],
    notes,
  })
}
