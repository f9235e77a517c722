/** Which runs a command works on: flags that filter, and the runs below a directory that pass. */
import {
  type ListedRun,
  listRuns,
  parseCondition,
  type RunCondition,
  type RunOrder,
  type RunState,
  runStatuses,
  selectRuns,
} from '@laperm/runs'
import { optimizerNames } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { CommandFlag, FlagValues } from '../../command.ts'
import type { Failure } from '../../failure.ts'
import { integer, oneOf, repeated, text } from '../../flags.ts'
import { runPath } from '../../named-run.ts'

const states: readonly RunState[] = [...runStatuses, 'killed', 'damaged']

const condition: CommandFlag<RunCondition> = {
  value: '<condition>',
  help: 'field and value, like syncPeriod=20, sparsity>0.3, seed=0..4; may be given several times',
  read: parseCondition,
}

/** Flags that filter runs. */
export const filterFlags = {
  model: text('<name>', 'only runs of this model'),
  dataset: text('<name>', 'only runs on this data set'),
  optimizer: oneOf('optimizer', optimizerNames, `only runs of ${optimizerNames.join(', ')}`),
  status: oneOf('status', states, `only runs that are ${states.join(', ')}`),
  where: repeated(condition),
}

/** Flags that say in which order, and how many. */
export const orderFlags = {
  sort: text('<field>', 'order by this field (default: the newest first)'),
  order: oneOf(
    'order',
    ['asc', 'desc'],
    'asc or desc, with --sort (default: asc; of accuracies and times desc)',
  ),
  limit: integer('show only the first n', 1),
}

type ChoiceFlags = FlagValues<typeof filterFlags> & FlagValues<typeof orderFlags>

const conditionsOf = (flags: ChoiceFlags): readonly RunCondition[] => [
  ...(['model', 'dataset', 'optimizer', 'status'] as const).flatMap((field): readonly RunCondition[] => {
    const value = flags[field]
    return value === undefined ? [] : [{ field, comparison: '=', value }]
  }),
  ...(flags.where ?? []),
]

/** `--order` without `--sort` is that of the time. */
const orderOf = ({ sort, order }: ChoiceFlags): RunOrder | undefined =>
  sort === undefined && order === undefined
    ? undefined
    : { field: sort ?? 'createdAt', isDescending: order === undefined ? undefined : order === 'desc' }

/** Runs of one directory, and how many the filters left out. */
export interface ChosenRuns {
  readonly runs: readonly ListedRun[]
  readonly found: number
}

/** Filter and sort runs by the flags. */
export const chooseRuns = (runs: readonly ListedRun[], flags: ChoiceFlags): E.Either<Failure, ChosenRuns> =>
  E.map((chosen: readonly ListedRun[]): ChosenRuns => ({ runs: chosen, found: runs.length }))(
    selectRuns(runs, {
      conditions: conditionsOf(flags),
      sort: orderOf(flags),
      limit: flags.limit,
    }),
  )

/** Every run below some directories, or that they are; each once. */
export const findRuns = async (
  directories: readonly string[],
): Promise<E.Either<Failure, readonly ListedRun[]>> => {
  const runs = new Map<string, ListedRun>()
  for (const directory of directories) {
    const listed = await listRuns(runPath(directory))()
    if (E.isLeft(listed)) return listed
    for await (const run of listed.right) runs.set(run.directory, run)
  }
  return E.right([...runs.values()])
}
