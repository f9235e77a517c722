/** One call of the program: parse, run the command, turn whatever happened into an exit code. Prints only through the terminal. */
import { either as E } from 'fp-ts'
import { reportFailure } from './failure.ts'
import { parseArguments } from './parse-arguments.ts'
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts'
import { lapermVersion } from './versions.ts'

/** Run the program with these words. @throws what is nobody's fault but ours. */
export const runCli = async (words: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const parsed = parseArguments(words, lapermVersion(), (text) => terminal.out(text.replace(/\n$/, '')))
  if (E.isLeft(parsed)) return reportFailure(terminal, words.includes('--json'), parsed.left)
  const invocation = parsed.right
  // Commands are loaded when they are wanted, so that `--help` answers at once.
  switch (invocation.command) {
    case 'train': {
      const { runTrain } = await import('./commands/train.ts')
      return runTrain(invocation.model, invocation.flags, terminal)
    }
    case 'evaluate': {
      const { runEvaluate } = await import('./commands/evaluate.ts')
      return runEvaluate(invocation.run, invocation.flags, terminal)
    }
    case 'doctor': {
      const { runDoctor } = await import('./commands/doctor.ts')
      return runDoctor(invocation.flags, terminal)
    }
    case 'verify': {
      const { runVerify } = await import('./commands/verify.ts')
      return runVerify(invocation.flags, terminal)
    }
    case 'list': {
      const { runList } = await import('./commands/list.ts')
      return runList(invocation.flags, terminal)
    }
    case 'none':
      return invocation.isUsageError ? exitCodes.usage : exitCodes.done
    default:
      return invocation satisfies never
  }
}
