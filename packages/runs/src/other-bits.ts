/** Runs that only other bits keep apart: the same experiment, with another number of threads where bits depend on it, or with other versions. */
import { identityOfSettings, type RunSettings } from './run-config.ts'
import type { Run } from './run-directory.ts'

/** The parts of `bits` that differ: `threads 1, not 2`. */
const differences = (began: RunSettings, here: RunSettings): readonly (readonly [string, string])[] => {
  const [before, now] = [began.environment.bits, here.environment.bits]
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .map((name) => [name, `${name} ${before[name] ?? 'none'}, not ${now[name] ?? 'none'}`])
}

/**
 * Why a run that is there is another one than that of some settings, as sentences, though somebody may have meant it.
 *
 * @returns null where none of the runs has these settings but for bits, and as many epochs or fewer.
 */
export const otherBits = (runs: readonly Run[], settings: RunSettings): string | null => {
  const wanted = identityOfSettings(settings)
  const { epochs } = settings.experiment
  const { bits } = settings.environment
  const alike = runs
    .filter(({ config }) => {
      const experiment = { ...config.experiment, epochs }
      const environment = { ...config.environment, bits }
      return (
        config.experiment.epochs <= epochs &&
        identityOfSettings({ ...config, experiment, environment }) === wanted
      )
    })
    .sort((one, other) => other.config.experiment.epochs - one.config.experiment.epochs)
  const [run] = alike
  if (run === undefined) return null
  const different = differences(run.config, settings)
  if (different.length === 0) return null
  const done = run.config.experiment.epochs
  const what = done === epochs ? 'is the same experiment' : `has ${done} of these ${epochs} epochs`
  const [[name]] = different
  const remedy =
    different.length === 1 && name === 'threads' && run.config.environment.bits.threads !== undefined
      ? `; --threads ${run.config.environment.bits.threads} takes that one`
      : ''
  return `${run.directory} ${what}, with ${different.map(([, text]) => text).join(', ')}: the last bits depend on that, so this is another run, which trains from the start${remedy}`
}
