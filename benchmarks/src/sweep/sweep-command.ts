/** `npm run bench -- sweep`. */
import { Command } from 'commander'
import { reportTable } from '../harness/report-table.ts'

/** @param json where the measurements go. */
export const sweepCommand = (json: string): Command =>
  new Command('sweep')
    .description(
      'share of a sweep that is training, and memory of 10,000 planned runs (2 minutes a round, Linux)',
    )
    .option('--rounds <n>', 'rounds', '3')
    .action(async (options: { rounds: string }, command: Command) => {
      const { measureSweeps } = await import('./sweep-costs.ts')
      reportTable(await measureSweeps({ rounds: Number(options.rounds), json }), 'scaling', command)
    })
