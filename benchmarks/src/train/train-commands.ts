/** `npm run bench -- train` and `-- epoch`. */
import { Command, Option } from 'commander'
import { reportTable } from '../harness/report-table.ts'
import { type StepPeerName, stepPeerNames } from './trainer.ts'

/** @param json where the measurements go. */
export const trainCommand = (json: string): Command =>
  new Command('train')
    .description(
      "time of a training step of the paper's networks, beside PyTorch and tfjs (about 10 minutes)",
    )
    .option('--only <network>', 'only this network: f2, mlp, conv7, conv2, conv4, conv13, resnet50')
    .option('--rounds <n>', 'measured rounds', '7')
    .addOption(
      new Option('--peers <name...>', 'beside whom').choices(stepPeerNames).default([...stepPeerNames]),
    )
    .option('--threads <n>', 'threads of each contender', '2')
    .option('--python <path>', 'interpreter with torch; default: LAPERM_PYTHON or benchmarks/.venv')
    .action(
      async (
        options: {
          only?: string
          rounds: string
          peers: readonly StepPeerName[]
          threads: string
          python?: string
        },
        command: Command,
      ) => {
        const { measureStepTimes } = await import('./step-times.ts')
        reportTable(
          await measureStepTimes({
            only: options.only,
            rounds: Number(options.rounds),
            threads: Number(options.threads),
            peers: options.peers,
            python: options.python ?? process.env['LAPERM_PYTHON'],
            json,
          }),
          'training-step',
          command,
        )
        process.exit()
      },
    )

/** @param json where the measurements go. */
export const epochCommand = (json: string): Command =>
  new Command('epoch')
    .description(
      "a whole Conv7 epoch of the paper's recipe on MNIST, beside PyTorch and TensorFlow (about 7 minutes)",
    )
    .option('--data-dir <path>', 'where MNIST is; default: LAPERM_DATA_DIR or the cache')
    .option('--rounds <n>', 'quarters of an epoch of each', '4')
    .option('--threads <n>', 'threads of each contender', '2')
    .option('--python <path>', 'interpreter with torch; default: LAPERM_PYTHON or benchmarks/.venv')
    .action(
      async (
        options: { dataDir?: string; rounds: string; threads: string; python?: string },
        command: Command,
      ) => {
        const { measureEpochs } = await import('./epoch-times.ts')
        reportTable(
          await measureEpochs({
            dataDir: options.dataDir,
            rounds: Number(options.rounds),
            threads: Number(options.threads),
            python: options.python ?? process.env['LAPERM_PYTHON'],
            json,
          }),
          'epoch',
          command,
        )
        process.exit()
      },
    )
