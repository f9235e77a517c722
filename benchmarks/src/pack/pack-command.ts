/** `npm run bench -- pack`. */
import { Command } from 'commander'
import { reportTable } from '../harness/report-table.ts'

/** @param json where the measurements go. */
export const packCommand = (json: string): Command =>
  new Command('pack')
    .description(
      "bytes of the paper's networks as .laperm, beside gzip, zstd and int8 (5 minutes, most of it zstd)",
    )
    .action(async (_options: object, command: Command) => {
      const { measurePackedSizes } = await import('./pack-sizes.ts')
      reportTable(measurePackedSizes({ json }), 'packed', command)
    })
