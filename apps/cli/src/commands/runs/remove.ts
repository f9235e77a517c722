/** `laperm runs remove`: the files that LaPerm made of runs, after asking. */
import { inspectRun, type ListedRun, type RemovedRun, removeRun } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../../command.ts'
import { reportFailure, usageError } from '../../failure.ts'
import { outputFlags, toggle } from '../../flags.ts'
import { formatBytes, plural } from '../../format.ts'
import { runPath } from '../../named-run.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'

const removeFlags = { yes: toggle('do not ask'), json: outputFlags.json }

const mostNamed = 10

/** Which runs are meant, a line each. */
const namesOf = (runs: readonly ListedRun[]): readonly string[] => [
  ...runs.slice(0, mostNamed).map(({ directory, state }) => `  ${directory} (${state})`),
  ...(runs.length > mostNamed ? [`  and ${plural(runs.length - mostNamed, 'other')}`] : []),
]

const questionOf = (runs: readonly ListedRun[]): string => {
  const bytes = runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return `Remove ${plural(runs.length, 'run')} with ${formatBytes(bytes)}? What is removed cannot be brought back.`
}

const removedLine = ({ directory, removed, left }: RemovedRun): string => {
  const what = `${directory}: removed ${plural(removed.length, 'file')}`
  return left.length === 0
    ? what
    : `${what}; the directory stays, because other files are in it: ${left.slice(0, mostNamed).join(', ')}`
}

const runRemove = async (
  operands: readonly string[],
  flags: FlagValues<typeof removeFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const runs = new Map<string, ListedRun>()
  for (const operand of operands) {
    const run = await inspectRun(runPath(operand))()
    if (E.isLeft(run)) return reportFailure(terminal, json, run.left)
    runs.set(run.right.directory, run.right)
  }
  if (flags.yes !== true) {
    if (terminal.confirm === undefined)
      return reportFailure(
        terminal,
        json,
        usageError(
          `Nobody can be asked here, so nothing was removed. With --yes it does: ${plural(runs.size, 'run')}.`,
        ),
      )
    for (const line of namesOf([...runs.values()])) terminal.err(line)
    if (!(await terminal.confirm(questionOf([...runs.values()])))) {
      terminal.err('nothing was removed')
      return exitCodes.done
    }
  }
  const removed: RemovedRun[] = []
  let exitCode: ExitCode = exitCodes.done
  for (const directory of runs.keys()) {
    const result = await removeRun(directory)()
    if (E.isLeft(result)) {
      exitCode = reportFailure(terminal, false, result.left)
      continue
    }
    removed.push(result.right)
    if (!json) terminal.out(removedLine(result.right))
  }
  if (json) terminal.out(JSON.stringify({ removed }))
  return exitCode
}

const notes = `
Only files that LaPerm makes are removed, by their names; the directory goes when nothing else is in it. A run that a process
works on is refused.`

export const remove = defineCommand({
  name: 'remove',
  summary: 'remove runs that nobody works on, after asking',
  argument: {
    name: 'run',
    isRequired: true,
    isRepeated: true,
    help: "the runs' directories, or their names below ./runs",
  },
  flags: removeFlags,
  notes,
  run: ({ operands, flags }, terminal) => runRemove(operands, flags, terminal),
})
