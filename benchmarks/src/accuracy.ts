/**
 * Accuracies of the paper's dense networks over seeds, each run by the command line exactly as a reader would run it.
 */
import { join } from 'node:path'
import { runLaperm, type TrainSummary } from './harness/laperm-process.ts'
import { renderTable, writeJson } from './harness/report.ts'
import { meanAndDeviation } from './harness/statistics.ts'

/** One row: what the paper or reference says, and the arguments that reproduce it. */
interface Experiment {
  readonly title: string
  readonly arguments: readonly string[]
  readonly published: string
}

const experiments: readonly Experiment[] = [
  { title: 'F1, 40% pruned, all 0.08, inputs /255', arguments: ['f1'], published: '85.5%' },
  {
    title: 'F1, the same, minus the per-pixel mean',
    arguments: ['f1', '--normalize', 'unit-minus-mean'],
    published: '',
  },
  {
    title: 'F2 less naive (keeps 1/15, 1/7, 1/3), all 0.03, inputs /255',
    arguments: ['f2'],
    published: '78.14%',
  },
  {
    title: 'F2 less naive, minus the per-pixel mean',
    arguments: ['f2', '--normalize', 'unit-minus-mean'],
    published: '',
  },
  {
    title: 'F2 naive (90% pruned), all 0.03, inputs /255',
    arguments: ['f2', '--sparsity', '0.9,0.9,0.9'],
    published: 'about 53%',
  },
  {
    title: 'F2 naive, minus the per-pixel mean',
    arguments: ['f2', '--sparsity', '0.9,0.9,0.9', '--normalize', 'unit-minus-mean'],
    published: '',
  },
  { title: 'MLP 784-100-100-10, LaPerm k=20', arguments: ['mlp'], published: '' },
  { title: 'MLP, Adam', arguments: ['mlp', '--optimizer', 'adam'], published: '' },
]

const percent = (fraction: number): string => (100 * fraction).toFixed(2)

/** Train every experiment with seeds 1 to `seeds` on real MNIST and print the table. */
export const measureAccuracy = async (options: {
  readonly seeds: number
  readonly dataDir: string | undefined
  readonly runs: string
  readonly json: string
  readonly only: string | undefined
}): Promise<string> => {
  const rows: string[][] = []
  const measurements: unknown[] = []
  for (const experiment of experiments) {
    if (options.only !== undefined && !experiment.title.toLowerCase().includes(options.only.toLowerCase()))
      continue
    const summaries: TrainSummary[] = []
    const shared = [
      '--dataset',
      'mnist',
      ...(options.dataDir === undefined ? [] : ['--data-dir', options.dataDir]),
    ]
    for (let seed = 1; seed <= options.seeds; seed++) {
      const out = join(
        options.runs,
        `${experiment.arguments.join('-').replaceAll(/[^\w.-]+/g, '-')}-s${seed}`,
      )
      summaries.push(
        await runLaperm([
          'train',
          ...experiment.arguments,
          ...shared,
          '--seed',
          String(seed),
          '--out',
          out,
          '--json',
          '--quiet',
        ]),
      )
    }
    const best = summaries.map((summary) => summary.bestTestAccuracy)
    const { mean, deviation } = meanAndDeviation(best)
    const seconds = meanAndDeviation(summaries.map((summary) => summary.trainSeconds)).mean
    const command = `laperm train ${experiment.arguments.join(' ')} --dataset mnist --seed 1..${options.seeds}`
    rows.push([
      experiment.title,
      `${percent(mean)} ± ${percent(deviation)}`,
      best.map(percent).join(', '),
      experiment.published,
      seconds.toFixed(1),
      `\`${command}\``,
    ])
    measurements.push({ ...experiment, command, summaries })
    console.error(rows.at(-1)?.join(' | '))
  }
  writeJson(options.json, measurements)
  return renderTable({
    title: 'Test accuracy on MNIST',
    header: [
      'network',
      'best at a synchronization, mean ± SD (%)',
      'seeds',
      'paper',
      'seconds a run',
      'command',
    ],
    rows,
    notes: [
      'Best test accuracy right after a synchronization (Adam: at the end of an epoch), as the paper reports it.',
    ],
  })
}
