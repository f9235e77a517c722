/** A run as JSON. */
import type { ListedRun } from '@laperm/runs'

/** Everything that a list knows of a run; its `status` is that of the table. */
export const runRecord = ({
  directory,
  name,
  state,
  ...run
}: ListedRun): Readonly<Record<string, unknown>> => ({ directory, name, status: state, ...run })
