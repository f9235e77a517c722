/** What another environment may change about a run that goes on, for people. */
import type { RunEnvironment } from './run-environment.ts'

const parts = ({ bits, device, cpu }: RunEnvironment): Readonly<Record<string, string>> => ({
  ...bits,
  device,
  cpu,
})

/**
 * Compare where a run began with where it goes on.
 *
 * @returns one sentence a part: versions and threads that decide bits, the engine's device, the processor.
 */
export const environmentDifferences = (began: RunEnvironment, here: RunEnvironment): readonly string[] => {
  const before = parts(began)
  const now = parts(here)
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .map(
      (name) =>
        `this run began with ${name} ${before[name] ?? 'unknown'}, here is ${now[name] ?? 'none'}; the last bits may differ from a run left alone`,
    )
}
