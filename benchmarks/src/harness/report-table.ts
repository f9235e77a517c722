/** Prints what a command measured, and puts it into its page of docs/results with `--save`. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { saveBlock } from './results-page.ts'

const pages = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'results')

/** Options that say what is measured; the others say how long and where. */
const choosing = ['only', 'network', 'torch', 'cuda', 'lengths', 'weights']
const places = ['dataDir', 'runs', 'python']

/** Print a table, and put it into its page with `--save`. */
export const reportTable = (table: string, page: string, command: Command): void => {
  console.log(table)
  const { save } = command.optsWithGlobals<{ save?: string | true }>()
  if (save === undefined) return
  const typed = command.options.flatMap((option) => {
    const key = option.attributeName()
    if (command.getOptionValueSource(key) !== 'cli') return []
    const value = places.includes(key)
      ? `path/to/${key === 'dataDir' ? 'data' : key}`
      : String(command.getOptionValue(key))
    return [{ key, text: option.isBoolean() ? `${option.long}` : `${option.long} ${value}` }]
  })
  const line = (options: typeof typed) =>
    ['npm run bench --', command.name(), ...options.map(({ text }) => text)].join(' ')
  saveBlock(join(pages, `${save === true ? page : save}.md`), {
    name: line(typed.filter(({ key }) => choosing.includes(key))),
    command: line(typed),
    table,
  })
}
