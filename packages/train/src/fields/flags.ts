/** The flags of the command line that set an experiment, out of the table, and from their texts to settings. */
import type { either as E } from 'fp-ts'
import type { ExperimentError } from '../errors.ts'
import type { ExperimentSettings } from '../experiment.ts'
import { settled } from './checks.ts'
import { type Flag, flagGroups } from './field.ts'
import { experimentFields, fieldNames } from './table.ts'

const tableFlags: readonly Flag[] = fieldNames.flatMap(
  (name): readonly Flag[] => experimentFields[name].flags,
)

/** Every flag that sets an experiment, group by group. */
export const experimentFlags: readonly Flag[] = flagGroups.flatMap((group) =>
  tableFlags.filter((flag) => flag.group === group),
)

/** What somebody gave for a flag: its text; true for the flag alone; false for its opposite, `--no-<flag>`. */
export type FlagText = string | boolean

const settingOf = (flag: Flag, text: FlagText): unknown => {
  if (text === true) return flag.bare
  return text === false ? flag.opposite?.says : flag.read(text, flag.path)
}

/**
 * Settings from flags.
 *
 * @param texts by the flag's name, `sync-period`; names that are no flag of an experiment are left alone.
 * @returns `Left` with the first text that cannot be read. Rules of the values are checked by `resolveExperiment`.
 * @example settingsFromFlags({ 'sync-period': '20,1000@5001', seed: '7' })
 */
export const settingsFromFlags = (
  texts: Readonly<Record<string, FlagText>>,
): E.Either<ExperimentError, Omit<ExperimentSettings, 'model'>> =>
  settled(() => {
    const settings: Record<string, unknown> = {}
    for (const flag of tableFlags) {
      if (!Object.hasOwn(texts, flag.name)) continue
      const [field, part] = flag.path.split('.')
      const value = settingOf(flag, texts[flag.name])
      settings[field] = part === undefined ? value : { ...(settings[field] ?? {}), [part]: value }
    }
    return settings
  })

/** The flag that sets a setting, by the setting's name in an error: `outer.syncPeriod` gives `sync-period`. Null where there is none. */
export const flagOfSetting = (setting: string): string | null => {
  const exact = tableFlags.find(({ path }) => setting === path || setting.startsWith(`${path}.`))
  const field = fieldNames.find((name) => name === setting.split('.')[0])
  // A part without a flag of its own: the field's first one.
  const first: Flag | undefined = field === undefined ? undefined : experimentFields[field].flags[0]
  return (exact ?? first)?.name ?? null
}
