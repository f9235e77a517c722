/** PyTorch in a Python process of its own, synchronizing a network's kernels on CUDA, or on the CPU and named so. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPythonPeer } from '../harness/python-peer.ts'
import type { KernelWeights } from './network-kernels.ts'
import type { Place } from './torch-table.ts'

/** The peer with the kernels loaded. */
export interface TorchKernels {
  /** `PyTorch` and its version. */
  readonly name: string
  readonly place: Place
  /** Synchronize, or only copy, every kernel `repeats` times; milliseconds in all. */
  readonly run: (what: 'synchronize' | 'copy', repeats: number) => Promise<number>
  /** The results, every kernel `[length, count]`, one after the other. */
  readonly results: () => Promise<Float32Array>
  readonly stop: () => void
}

/** Start it under this interpreter and hand over the kernels. */
export const startTorchKernels = async (
  python: string,
  kernels: readonly KernelWeights[],
): Promise<TorchKernels> => {
  const peer = startPythonPeer(python, 'gpu_peer.py')
  const folder = mkdtempSync(join(tmpdir(), 'laperm-bench-'))
  const [input, output] = ['kernels.f32', 'results.f32'].map((file) => join(folder, file))
  const { version, device, type } = await peer.ask({ op: 'start', threads: 0 })
  writeFileSync(
    input,
    Buffer.concat(
      kernels.flatMap(({ sorted, w }) => [sorted, w].map(({ buffer }) => new Uint8Array(buffer))),
    ),
  )
  const sizes = kernels.map(({ length, count }) => [length, count])
  await peer.ask({ op: 'load', file: input, sizes })
  return {
    name: `PyTorch ${version}`,
    place: { device: String(device), onGpu: type === 'cuda' },
    run: async (what, repeats) => Number((await peer.ask({ op: 'run', what, repeats }))['ms']),
    results: async () => {
      await peer.ask({ op: 'save', file: output })
      const bytes = readFileSync(output)
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    },
    stop: () => {
      peer.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
