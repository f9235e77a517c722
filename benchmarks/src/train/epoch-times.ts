/**
 * A whole Conv7 epoch of the paper's recipe on MNIST: 1,200 steps of 50 augmented images, a synchronization every 20, one evaluation
 * of 10,000 images. Ours as the command line runs it; PyTorch beside it, epoch by epoch in turns.
 */
import { zoo } from '@laperm/models'
import { recipes } from '@laperm/train'
import { interleave } from '../harness/interleave.ts'
import { runLaperm } from '../harness/laperm-process.ts'
import { findPython } from '../harness/python-peer.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { makePytorchTrainer } from './pytorch-trainer.ts'

const stepsPerEpoch = 1200
const evaluationBatches = 200
const syncPeriod = 20

/** The authors' code as measured for the reference: step 88-97 ms, synchronization 22 ms, augmentation 6.9 ms a batch, evaluation 5.6 s. */
const authorsSeconds = (stepsPerEpoch * (88 + 22 / syncPeriod + 6.9)) / 1000 + 5.6

/** Measure `rounds` epochs of each. */
export const measureEpochs = async (options: {
  readonly dataDir: string | undefined
  readonly rounds: number
  readonly threads: number
  readonly python: string | undefined
  readonly json: string
}): Promise<string> => {
  const { augmentation } = recipes.conv7
  if (augmentation === null) throw new TypeError("Conv7's recipe has an augmentation")
  const python = findPython(options.python)
  const pytorch =
    python === undefined
      ? undefined
      : await makePytorchTrainer(
          python,
          { model: zoo.conv7, batchSize: 50, threads: options.threads },
          augmentation,
        )
  const ours = 'engine-onnx, laperm train conv7 --epochs 1'
  const theirs = pytorch === undefined ? '' : `${pytorch.name}, affine_grid augmentation, torch.sort`
  const times = await interleave(
    [
      {
        name: ours,
        measure: async () => {
          const summary = await runLaperm([
            'train',
            'conv7',
            '--dataset',
            'mnist',
            ...(options.dataDir === undefined ? [] : ['--data-dir', options.dataDir]),
            '--epochs',
            '1',
            '--threads',
            String(options.threads),
            '--json',
            '--quiet',
          ])
          return summary.trainSeconds * 1000
        },
      },
      ...(pytorch === undefined
        ? []
        : [
            {
              name: theirs,
              measure: async () =>
                (await pytorch.trainSteps(stepsPerEpoch, syncPeriod)) +
                (await pytorch.evaluate(evaluationBatches)),
            },
          ]),
    ],
    { rounds: options.rounds, warmup: 0 },
  )
  await pytorch?.stop()
  const own = times.get(ours)?.median ?? Number.NaN
  const rows = [...times].map(([name, { median, low, high }]) => [
    name,
    `${(median / 1000).toFixed(1)} (${(low / 1000).toFixed(1)}-${(high / 1000).toFixed(1)})`,
    (median / own).toFixed(2),
  ])
  rows.push([
    "the authors' TensorFlow code, from its parts (another run, reference figures)",
    authorsSeconds.toFixed(1),
    ((authorsSeconds * 1000) / own).toFixed(2),
  ])
  writeJson(options.json, [...times])
  return renderTable({
    title: 'A whole Conv7 epoch of the recipe on MNIST',
    header: ['trainer', 'seconds, median (quartiles)', 'ratio to ours'],
    rows,
    notes: [
      `Epochs in turns, ${options.rounds} each, ${options.threads} threads; reading the data and compiling are not counted.`,
      ...(pytorch === undefined ? ['Missing: PyTorch: npm run setup:python --workspace benchmarks'] : []),
    ],
  })
}
