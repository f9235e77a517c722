/** Commands that measure tools for weights. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { reportTable } from '../harness/report-table.ts'

/** @param results where JSON goes. */
export const addWeightCommands = (program: Command, results: string): void => {
  program
    .command('profile')
    .description("time and memory of `laperm profile` on 25 million weights, ResNet-50's shapes (a minute)")
    .option('--rounds <n>', 'of each', '3')
    .action(async (options: { rounds: string }, command: Command) => {
      const { measureProfileTime } = await import('./profile-time.ts')
      const json = join(results, 'profile.json')
      reportTable(await measureProfileTime({ rounds: Number(options.rounds), json }), 'profile', command)
    })
  program
    .command('ranking-distance')
    .description(
      'time of a training step whose ranking distance is recorded, beside one where it is not (a minute)',
    )
    .option('--rounds <n>', 'turns of each', '15')
    .action(async (options: { rounds: string }, command: Command) => {
      const { measureRankingDistance } = await import('./ranking-distance-time.ts')
      const json = join(results, 'ranking-distance.json')
      const { measureRankingWays } = await import('./ranking-ways.ts')
      const rounds = Number(options.rounds)
      const tables = [await measureRankingDistance({ rounds, json }), await measureRankingWays(rounds)]
      reportTable(tables.join('\n\n'), 'ranking-distance', command)
      process.exit()
    })
}
