/** `npm run bench -- <what>`: everything that is measured. Prints a Markdown table and writes JSON. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { reportTable } from './harness/report-table.ts'
import { packCommand } from './pack/pack-command.ts'
import { sweepCommand } from './sweep/sweep-command.ts'
import { epochCommand, trainCommand } from './train/train-commands.ts'
import { addWeightCommands } from './weights/commands.ts'

const benchmarks = join(dirname(fileURLToPath(import.meta.url)), '..')
const results = join(benchmarks, 'results')
const program = new Command('bench')
  .description(
    'Measure LaPerm. Run it alone: two measurements at once spoil both. Tables go to standard output, JSON to benchmarks/results/.',
  )
  .option(
    '--save [page]',
    "also write the table into its page of docs/results (or another one), in place of this command's last one",
  )

program
  .command('accuracy')
  .description('test accuracy of F1, F2 and the MLP on MNIST over seeds (about 25 minutes)')
  .option('--seeds <n>', 'how many seeds, from 1', '5')
  .option('--data-dir <path>', 'where MNIST is; default: LAPERM_DATA_DIR or the cache')
  .option('--runs <path>', 'where the run directories go', 'runs/accuracy')
  .option('--only <text>', 'only experiments whose title contains this')
  .action(
    async (options: { seeds: string; dataDir?: string; runs: string; only?: string }, command: Command) => {
      const { measureAccuracy } = await import('./accuracy.ts')
      reportTable(
        await measureAccuracy({
          seeds: Number(options.seeds),
          dataDir: options.dataDir,
          runs: options.runs,
          only: options.only,
          json: join(results, 'accuracy.json'),
        }),
        'accuracy',
        command,
      )
    },
  )

program.addCommand(trainCommand(join(results, 'train.json')))
program.addCommand(epochCommand(join(results, 'epoch.json')))

program
  .command('tensorflow')
  .description(
    "LaPerm's cost on TensorFlow's own runtime, and synchronization beside the authors' way (2 minutes)",
  )
  .option('--rounds <n>', 'measured rounds', '9')
  .option('--cuda', 'on a CUDA device, through tfjs-node-gpu')
  .action(async (options: { rounds: string; cuda?: true }, command: Command) => {
    const { measureTensorFlow } = await import('./tensorflow/tensorflow-times.ts')
    reportTable(
      await measureTensorFlow({
        cuda: options.cuda === true,
        rounds: Number(options.rounds),
        json: join(results, options.cuda === true ? 'cuda.json' : 'tensorflow.json'),
      }),
      'tensorflow',
      command,
    )
  })

program
  .command('wasm-kernels')
  .description(
    "steps of F2, the MLP and Conv7 on tfjs's wasm backend, with our kernels and with tfjs's own (1 minute)",
  )
  .option('--rounds <n>', 'measured rounds', '9')
  .action(async (options: { rounds: string }, command: Command) => {
    const { measureWasmKernels } = await import('./train/wasm-kernel-times.ts')
    reportTable(
      await measureWasmKernels({ rounds: Number(options.rounds), json: join(results, 'wasm-kernels.json') }),
      'wasm-kernels',
      command,
    )
  })

program
  .command('gpu')
  .description(
    'synchronization on WebGL and WebGPU, beside what tf.topk gives on the same backend (about 5 minutes); --torch: WebGPU beside PyTorch',
  )
  .option('--network <name>', 'whose kernels; default: conv7, with --torch conv13')
  .option('--rounds <n>', 'measured rounds', '7')
  .option('--only <text>', 'only places whose name contains this: webgl, webgpu, chromium, node')
  .option('--torch', 'WebGPU under Node beside PyTorch: kernels synchronized and copied, and a Conv7 step')
  .option('--batch-size <n>', 'with --torch: examples in a step', '50')
  .option('--python <path>', 'interpreter with torch; default: LAPERM_PYTHON or benchmarks/.venv')
  .action(
    async (
      options: {
        network?: string
        rounds: string
        only?: string
        torch?: true
        batchSize: string
        python?: string
      },
      command: Command,
    ) => {
      const { zooNames } = await import('@laperm/models')
      const wanted = options.network ?? (options.torch ? 'conv13' : 'conv7')
      const network = zooNames.find((name) => name === wanted)
      if (network === undefined)
        throw new RangeError(`--network is '${wanted}', but must be one of ${zooNames.join(', ')}`)
      const rounds = Number(options.rounds)
      if (options.torch) {
        const { measureTorch } = await import('./gpu/torch-times.ts')
        reportTable(
          await measureTorch({
            network,
            rounds,
            batchSize: Number(options.batchSize),
            python: options.python ?? process.env['LAPERM_PYTHON'],
            json: join(results, 'gpu-torch.json'),
          }),
          'gpu',
          command,
        )
      } else {
        const { measureGpu } = await import('./gpu/gpu-times.ts')
        reportTable(
          await measureGpu({ network, rounds, only: options.only, json: join(results, 'gpu.json') }),
          'gpu',
          command,
        )
      }
      process.exit()
    },
  )

program
  .command('sync')
  .description(
    'nanoseconds a weight of one synchronization, beside numpy, torch, TensorFlow and tfjs (about 10 minutes)',
  )
  .option('--lengths <list>', "weights in a vector, comma-separated; default: those of the paper's networks")
  .option(
    '--weights <list>',
    'uniform, normal, sparse, drifted, shared, ascending, descending, wide, outlier',
    'uniform,normal,sparse,drifted',
  )
  .option('--only <list>', 'only contenders whose name contains one of these, e.g. core,wasm,numpy')
  .option('--rounds <n>', 'measured rounds', '9')
  .option('--threads <n>', 'threads of the Python peers', '1')
  .option('--python <path>', 'interpreter with the peers; default: LAPERM_PYTHON or benchmarks/.venv')
  .action(
    async (
      options: {
        lengths?: string
        weights: string
        only?: string
        rounds: string
        threads: string
        python?: string
      },
      command: Command,
    ) => {
      const { measureSync } = await import('./sync/sync-times.ts')
      const { parseDistributions } = await import('./sync/sync-case.ts')
      reportTable(
        await measureSync({
          lengths: options.lengths?.split(',').map(Number),
          distributions: parseDistributions(options.weights),
          only: options.only?.split(','),
          rounds: Number(options.rounds),
          threads: Number(options.threads),
          python: options.python ?? process.env['LAPERM_PYTHON'],
          json: join(results, 'sync.json'),
        }),
        'sync',
        command,
      )
    },
  )

program
  .command('sync-networks')
  .description(
    "all kernels of each of the paper's networks, beside the authors' way, numpy and torch (about 8 minutes)",
  )
  .option('--rounds <n>', 'measured rounds', '5')
  .option('--python <path>', 'interpreter with the peers; default: LAPERM_PYTHON or benchmarks/.venv')
  .action(async (options: { rounds: string; python?: string }, command: Command) => {
    const { measureNetworks } = await import('./sync/network-times.ts')
    reportTable(
      await measureNetworks({
        rounds: Number(options.rounds),
        python: options.python ?? process.env['LAPERM_PYTHON'],
        json: join(results, 'sync-networks.json'),
      }),
      'networks',
      command,
    )
  })

program
  .command('sync-scaling')
  .description('nanoseconds a weight from ten thousand to a hundred million weights (2 minutes, 3 GB)')
  .option('--rounds <n>', 'measured rounds', '3')
  .action(async (options: { rounds: string }, command: Command) => {
    const { measureScaling } = await import('./sync/scaling-times.ts')
    reportTable(
      await measureScaling({ rounds: Number(options.rounds), json: join(results, 'sync-scaling.json') }),
      'scaling',
      command,
    )
  })

program.addCommand(packCommand(join(results, 'pack.json')))
program.addCommand(sweepCommand(join(results, 'sweep.json')))

program
  .command('runs')
  .description('`laperm runs` with a thousand runs (1 minute)')
  .option('--count <n>', 'how many runs', '1000')
  .option('--rounds <n>', 'measured rounds', '9')
  .action(async (options: { count: string; rounds: string }, command: Command) => {
    const { measureListing } = await import('./run-directories/list-times.ts')
    const [count, rounds] = [Number(options.count), Number(options.rounds)]
    reportTable(await measureListing({ count, rounds, json: join(results, 'runs.json') }), 'runs', command)
  })

program
  .command('record')
  .description('what recording costs an epoch of Conv7 (1 minute)')
  .option('--rounds <n>', 'measured rounds', '9')
  .action(async (options: { rounds: string }, command: Command) => {
    const { measureRecording } = await import('./run-directories/record-times.ts')
    const json = join(results, 'record.json')
    reportTable(await measureRecording({ rounds: Number(options.rounds), threads: 2, json }), 'runs', command)
    process.exit()
  })

addWeightCommands(program, results)

await program.parseAsync()
