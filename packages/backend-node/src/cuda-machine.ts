/**
 * What of CUDA this machine has: asked only to explain why the CUDA backend cannot run.
 */
import { spawnSync } from 'node:child_process'

/** Versions that tfjs-node-gpu 4.22's libtensorflow (2.9) was built for. */
export const wantedCuda = { cuda: '11.2', cudnn: '8.1' } as const

/** What was found; undefined where nothing was. */
export interface CudaMachine {
  /** Name and driver of the first device, as nvidia-smi tells. */
  readonly device: string | undefined
  /** Version in the name of libcudart. */
  readonly cuda: string | undefined
  /** Version in the name of libcudnn. */
  readonly cudnn: string | undefined
}

const output = (command: string, args: readonly string[]): string => {
  const { stdout, status } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 10_000,
    windowsHide: true,
  })
  return status === 0 ? stdout : ''
}

/** The version that a library's name in `ldconfig -p` carries: `libcudart.so.11.0 (...)` gives `11.0`. */
export const libraryVersion = (ldconfig: string, library: string): string | undefined =>
  [...ldconfig.matchAll(/^\s*(lib\w+)\.so\.([\d.]+)\s/gm)].find(([, name]) => name === library)?.[2]

/** Ask nvidia-smi and the library cache. Takes up to a second where there is a device. */
export const inspectCudaMachine = (): CudaMachine => {
  const ldconfig = output('ldconfig', ['-p'])
  const devices = output('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'])
  return {
    device: devices.split('\n')[0].trim() || undefined,
    cuda: libraryVersion(ldconfig, 'libcudart'),
    cudnn: libraryVersion(ldconfig, 'libcudnn'),
  }
}

/** What was found beside what is wanted, in one sentence for people. */
export const describeCudaMachine = ({ device, cuda, cudnn }: CudaMachine): string =>
  `Found here: device ${device ?? 'none'}, CUDA runtime ${cuda ?? 'none'}, cuDNN ${cudnn ?? 'none'}; wanted: an NVIDIA device, CUDA ${wantedCuda.cuda}, cuDNN ${wantedCuda.cudnn}.`
