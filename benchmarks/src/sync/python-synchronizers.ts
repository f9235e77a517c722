/** numpy, torch and TensorFlow in one Python process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPythonPeer } from '../harness/python-peer.ts'
import type { Synchronizer } from './synchronizer.ts'

/** Start the process; what is not installed comes back by name with the reason. */
export const startPythonSynchronizers = async (
  python: string,
  threads: number,
): Promise<{
  readonly synchronizers: readonly Synchronizer[]
  readonly missing: Readonly<Record<string, string>>
}> => {
  const peer = startPythonPeer(python, 'sync_peer.py', {
    OMP_NUM_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: '3',
    CUDA_VISIBLE_DEVICES: '',
  })
  const started = await peer.ask({ op: 'start', threads })
  const versions = started['versions'] as Readonly<Record<string, string>>
  const folder = mkdtempSync(join(tmpdir(), 'laperm-bench-'))
  const input = join(folder, 'weights.f32')
  const output = join(folder, 'result.f32')
  let loaded: unknown
  const titles: Readonly<Record<string, string>> = {
    numpy: 'argsort + put_along_axis',
    torch: 'sort + scatter_',
    tensorflow: "argsort(argsort) + gather (the authors' way)",
  }
  const synchronizers = Object.entries(versions).map(
    ([name, version]): Synchronizer => ({
      name: `${name} ${version} ${titles[name] ?? ''}`,
      load: async (weights) => {
        if (loaded === weights) return
        const both = new Float32Array(2 * weights.w.length)
        both.set(weights.sorted)
        both.set(weights.w, weights.w.length)
        writeFileSync(input, new Uint8Array(both.buffer))
        await peer.ask({ op: 'load', file: input, length: weights.length, count: weights.count })
        loaded = weights
      },
      run: async (repeats) => Number((await peer.ask({ op: 'run', peer: name, repeats }))['ms']),
      result: async () => {
        await peer.ask({ op: 'run', peer: name, repeats: 1, save: output })
        const bytes = readFileSync(output)
        return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).slice()
      },
      stop: () => {
        peer.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }),
  )
  return { synchronizers, missing: started['missing'] as Readonly<Record<string, string>> }
}
