/** Every backend and peer that this machine has, and what is missing. */
import { findPython } from '../harness/python-peer.ts'
import {
  copySynchronizer,
  coreSynchronizer,
  jaxSynchronizer,
  packedKeysSynchronizer,
  residentWasmSynchronizer,
  tfjsSynchronizer,
  wasmSynchronizer,
} from './javascript-synchronizers.ts'
import { startPythonSynchronizers } from './python-synchronizers.ts'
import type { Synchronizer } from './synchronizer.ts'

/** Start them; core is first, so that the others are compared with it. */
export const startSynchronizers = async (
  givenPython: string | undefined,
  threads: number,
): Promise<{ readonly synchronizers: readonly Synchronizer[]; readonly missing: readonly string[] }> => {
  const python = findPython(givenPython)
  const peers = python === undefined ? undefined : await startPythonSynchronizers(python, threads)
  return {
    synchronizers: [
      coreSynchronizer(),
      await wasmSynchronizer(),
      await residentWasmSynchronizer(),
      packedKeysSynchronizer(),
      tfjsSynchronizer('cpu'),
      tfjsSynchronizer('wasm'),
      jaxSynchronizer(),
      ...(peers?.synchronizers ?? []),
      copySynchronizer(),
    ],
    missing:
      peers === undefined
        ? ['Missing: numpy, torch, TensorFlow: npm run setup:python --workspace benchmarks']
        : Object.entries(peers.missing).map(([name, reason]) => `Missing: ${name}: ${reason}`),
  }
}
