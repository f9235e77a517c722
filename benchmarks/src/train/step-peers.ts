/** Everybody whom a training step of ours is measured beside. */
import { makePytorchTrainer, pytorchForms } from './pytorch-trainer.ts'
import { tfjsNodeTrainer, tfjsWasmTrainer } from './tfjs-trainers.ts'
import type { Missing, StepPeerName, Trainer, Workload } from './trainer.ts'

/** Start those of them that are here, each PyTorch form in a process of its own; says of the others why not. */
export const startStepPeers = async (
  workload: Workload,
  wanted: readonly StepPeerName[],
  python: string | undefined,
): Promise<{ readonly peers: readonly Trainer[]; readonly missing: readonly Missing[] }> => {
  const peers: Trainer[] = []
  const missing: Missing[] = []
  const attempt = async (name: string, start: () => Promise<Trainer>): Promise<void> => {
    try {
      peers.push(await start())
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  if (wanted.includes('pytorch'))
    for (const form of pytorchForms)
      await attempt(`PyTorch, ${form}`, async () => {
        if (python === undefined)
          throw new Error('not installed: npm run setup:python --workspace benchmarks, or set LAPERM_PYTHON')
        return makePytorchTrainer(python, workload, { form })
      })
  if (wanted.includes('tfjs-wasm')) await attempt('tfjs-wasm', () => tfjsWasmTrainer(workload))
  if (wanted.includes('tfjs-node')) await attempt('tfjs-node', () => tfjsNodeTrainer(workload))
  return { peers, missing }
}
