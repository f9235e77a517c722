/** PyTorch as a contender, in a Python process of its own. */
import type { PythonPeer } from '../harness/python-peer.ts'
import { startPythonPeer } from '../harness/python-peer.ts'
import type { Trainer, Workload } from './trainer.ts'

/** What the paper's authors do to each image before it is seen, as their recipe says. */
export interface PeerAugmentation {
  readonly rotationDegrees: number
  readonly shiftFraction: number
  readonly zoom: number
  readonly horizontalFlip: boolean
}

/**
 * How the peer is written: as the tutorials do (`eager`), with channels_last and fused Adam (`tuned`), or with torch.compile on top of that
 * (`compiled`).
 */
export const pytorchForms = ['eager', 'tuned', 'compiled'] as const
export type PytorchForm = (typeof pytorchForms)[number]

/** Load the workload into PyTorch under this interpreter. */
export const makePytorchTrainer = async (
  python: string,
  workload: Workload,
  { form = 'eager', augmentation }: { form?: PytorchForm; augmentation?: PeerAugmentation } = {},
): Promise<Trainer> => {
  const peer: PythonPeer = startPythonPeer(python, 'train_peer.py', {
    OMP_NUM_THREADS: String(workload.threads),
  })
  const loaded = await peer.ask({ op: 'load', seed: 1, form, ...workload })
  return {
    name: String(loaded['name']),
    synchronizes: true,
    slowness: 1,
    trainSteps: async (count, syncPeriod) =>
      Number((await peer.ask({ op: 'steps', count, syncPeriod, augmentation }))['ms']),
    evaluate: async (batches) => Number((await peer.ask({ op: 'evaluate', batches }))['ms']),
    peakMemoryBytes: async () => Number((await peer.ask({ op: 'memory' }))['peakBytes']),
    stop: async () => peer.stop(),
  }
}
