/** Settings as text: what a link holds, what a form holds, what the worker is sent. Read with the same rules everywhere, never trusted. */
import { either as E } from 'fp-ts'
import { defaultSettings } from './default-settings.ts'
import type { RunSettings } from './run-settings.ts'
import { type SettingRule, settingNames, settingTable } from './setting-table.ts'

/** One text a setting. */
export type SettingsText = Readonly<Record<string, string>>

/** A text that was not taken. */
export interface SettingProblem {
  readonly key: string
  /** The sentence for people. */
  readonly message: string
}

export interface ReadSettings {
  /** Complete: the default stands where a text was missing or against its rule. */
  readonly settings: RunSettings
  readonly problems: readonly SettingProblem[]
}

/** What people see of a text that came from outside. */
const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

/** The rule of a setting. */
export const ruleOf = <Name extends keyof RunSettings>(name: Name): SettingRule<RunSettings[Name]> =>
  settingTable[name]

/** Settings while they are read. */
type SettingsDraft = { -readonly [Name in keyof RunSettings]: RunSettings[Name] }

/** Read one setting's text into the draft. @returns the rule that the text breaks; null where it was taken. */
const readInto = <Name extends keyof RunSettings>(
  draft: SettingsDraft,
  name: Name,
  text: string,
): string | null => {
  const value = ruleOf(name).read(text)
  if (E.isLeft(value)) return value.left
  draft[name] = value.right
  return null
}

/** Read texts; unknown keys are reported too. */
export const readSettings = (texts: SettingsText): ReadSettings => {
  const problems: SettingProblem[] = []
  const settings: SettingsDraft = { ...defaultSettings }
  for (const name of settingNames) {
    const { key, label } = settingTable[name]
    const text = Object.hasOwn(texts, key) ? texts[key] : undefined
    if (text === undefined) continue
    const broken = readInto(settings, name, text)
    if (broken !== null)
      problems.push({
        key,
        message: `${label} cannot be “${shortened(text)}”: ${broken}. The default, ${defaultText(name)}, stands.`,
      })
  }
  const known = new Set(settingNames.map((name) => settingTable[name].key))
  for (const key of Object.keys(texts))
    if (!known.has(key))
      problems.push({ key, message: `The link sets “${shortened(key)}”, which is no setting.` })
  return { settings, problems }
}

const textOf = <Name extends keyof RunSettings>(name: Name, settings: RunSettings): string =>
  ruleOf(name).write(settings[name])

const defaultText = (name: keyof RunSettings): string => textOf(name, defaultSettings)

/** Every setting as text, complete. */
export const writeSettings = (settings: RunSettings): Record<string, string> =>
  Object.fromEntries(settingNames.map((name) => [settingTable[name].key, textOf(name, settings)]))

/** The part of a link behind `#`: every setting, so that the link stays what it was when defaults change. */
export const linkHash = (settings: RunSettings): string =>
  `#${new URLSearchParams(writeSettings(settings)).toString()}`

/** Read the part of an address behind `#`. Of a key that occurs twice the last one counts. */
export const readHash = (hash: string): ReadSettings =>
  readSettings(Object.fromEntries(new URLSearchParams(hash.replace(/^#/, ''))))
