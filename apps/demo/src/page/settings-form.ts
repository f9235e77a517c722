/** The form of all settings. Its fields hold text, read with the same rules as a link; what breaks a rule is said beside the field. */
import { either as E } from 'fp-ts'
import type { BackendProbe } from '../messages/events.ts'
import { defaultSettings } from '../settings/default-settings.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { settingTable } from '../settings/setting-table.ts'
import { readSettings, ruleOf, writeSettings } from '../settings/settings-text.ts'
import { make } from './elements.ts'
import { type FieldControl, makeFieldControl } from './field-control.ts'
import { fieldGroups } from './settings-fields.ts'

export interface SettingsForm {
  /** The settings in the form; a field against its rule counts with its last good value. */
  readonly settings: () => RunSettings
  readonly show: (settings: RunSettings) => void
  /** Say what each backend is here. */
  readonly showBackends: (probes: readonly BackendProbe[]) => void
}

const probeText = ({ status, detail }: BackendProbe): string => {
  switch (status) {
    case 'available':
      return detail
    case 'software':
      return `only ${detail}, which is slow; tick the box below to use it all the same`
    case 'missing':
      return `not here: ${detail}`
    default:
      return status satisfies never
  }
}

/**
 * Fill an empty form.
 *
 * @param onChange a field was changed to a value that keeps its rule.
 */
export const makeSettingsForm = (
  form: HTMLFormElement,
  onChange: (settings: RunSettings) => void,
): SettingsForm => {
  const controls = new Map<keyof RunSettings, FieldControl>()
  let settings = defaultSettings

  const adapt = (): void => controls.get('sharedValue')?.setDisabled(settings.distribution !== 'sharedValue')
  const accept = (name: keyof RunSettings, control: FieldControl): void => {
    const { read, key } = ruleOf(name)
    const text = control.read()
    const value = read(text)
    if (E.isLeft(value)) {
      const kept = writeSettings(settings)[key]
      control.complain(`“${text}” is not taken: ${value.left}. The last good value, ${kept}, stays.`)
      return
    }
    control.complain('')
    settings = readSettings({ ...writeSettings(settings), [key]: text }).settings
    adapt()
    onChange(settings)
  }

  for (const { title, specs, isAdvanced } of fieldGroups) {
    const blocks = specs.map((spec) => {
      const control = makeFieldControl(spec)
      controls.set(spec.name, control)
      control.onChange(() => accept(spec.name, control))
      return control.block
    })
    form.append(
      isAdvanced
        ? make('details', {}, make('summary', {}, title), ...blocks)
        : make('fieldset', {}, make('legend', {}, title), ...blocks),
    )
  }
  form.addEventListener('submit', (event) => event.preventDefault())

  return {
    settings: () => settings,
    show: (next) => {
      settings = next
      const texts = writeSettings(next)
      for (const [name, control] of controls) {
        control.write(texts[settingTable[name].key])
        control.complain('')
      }
      adapt()
    },
    showBackends: (probes) => {
      for (const probe of probes) {
        const detail = document.getElementById(`setting-backend-${probe.name}-detail`)
        if (detail !== null) detail.textContent = probeText(probe)
        const radio = document.getElementById(`setting-backend-${probe.name}`)
        // What a link has chosen stays chosen: Start says why it cannot be.
        if (radio instanceof HTMLInputElement) radio.disabled = probe.status === 'missing'
      }
    },
  }
}
