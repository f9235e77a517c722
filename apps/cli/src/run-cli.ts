/** One call of the program: parse, run the command, turn whatever happened into an exit code. Prints only through the terminal. */
import { either as E } from 'fp-ts'
import { commandsFor } from './commands/index.ts'
import { reportFailure } from './failure.ts'
import { parseArguments } from './parse-arguments.ts'
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts'
import { lapermVersion } from './versions.ts'

/** Run the program with these words. @throws what is nobody's fault but ours. */
export const runCli = async (words: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const parsed = parseArguments(words, await commandsFor(words), lapermVersion(), (text) => {
    for (const line of text.replace(/\n$/, '').split('\n')) terminal.out(line)
  })
  if (E.isLeft(parsed)) return reportFailure(terminal, words.includes('--json'), parsed.left)
  if (parsed.right.kind === 'printed') return parsed.right.isUsageError ? exitCodes.usage : exitCodes.done
  const { command, given } = parsed.right
  return command.run(given, terminal)
}
