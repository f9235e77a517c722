/** Every backend and peer that this machine has, and what is missing. */
import { findPython } from '../harness/python-peer.ts'
import { inOwnThread, type SynchronizerKey } from './own-thread.ts'
import { startPythonSynchronizers } from './python-synchronizers.ts'
import type { Synchronizer } from './synchronizer.ts'

/** Core is first, so that the others are compared with it. */
const beforePeers: readonly SynchronizerKey[] = [
  'core',
  'coreAfterDetach',
  'wasm',
  'residentWasm',
  'packedKeys',
  'tfjsCpu',
  'tfjsWasm',
  'jax',
]

/** Start them. */
export const startSynchronizers = async (
  givenPython: string | undefined,
  threads: number,
): Promise<{ readonly synchronizers: readonly Synchronizer[]; readonly missing: readonly string[] }> => {
  const python = findPython(givenPython)
  const peers = python === undefined ? undefined : await startPythonSynchronizers(python, threads)
  return {
    synchronizers: [
      ...(await Promise.all(beforePeers.map(inOwnThread))),
      ...(peers?.synchronizers ?? []),
      await inOwnThread('copy'),
    ],
    missing:
      peers === undefined
        ? ['Missing: numpy, torch, TensorFlow: npm run setup:python --workspace benchmarks']
        : Object.entries(peers.missing).map(([name, reason]) => `Missing: ${name}: ${reason}`),
  }
}
