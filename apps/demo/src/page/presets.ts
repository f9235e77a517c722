/** Runs worth a look, as links: a click sets every setting and starts. */
import { defaultSettings } from '../settings/default-settings.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash } from '../settings/settings-text.ts'
import { storySettings } from '../settings/story-settings.ts'
import { make } from './elements.ts'

const presets: readonly { readonly title: string; readonly changes: Partial<RunSettings> }[] = [
  { title: 'Ten neurons, one value (Section 5.5)', changes: storySettings },
  { title: 'F2 on digits, k = 20', changes: {} },
  { title: 'Move after every step, k = 1', changes: { syncPeriod: 1 } },
  { title: 'Half of the weights are 0', changes: { sparsity: 0.5 } },
  {
    title: 'F2, all weights 0.03 or 0',
    changes: {
      distribution: 'sharedValue',
      sharedValue: 0.03,
      sparsity: 0.8,
      inputs: 'unit-minus-mean',
      syncPeriod: 100,
      steps: 2000,
    },
  },
  { title: 'A small Conv7', changes: { model: 'conv7-small', batchSize: 32, steps: 400 } },
]

const presetLink = (
  title: string,
  settings: RunSettings,
  onChoose: (title: string, settings: RunSettings) => void,
): HTMLAnchorElement => {
  const link = make('a', { href: linkHash(settings) }, title)
  link.addEventListener('click', (event) => {
    // With a key held it is a link like others, for another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    onChoose(title, settings)
  })
  return link
}

/** The links, with a heading. */
export const presetLinks = (onChoose: (title: string, settings: RunSettings) => void): HTMLElement =>
  make(
    'nav',
    { className: 'presets' },
    make('p', { className: 'presets-title' }, 'Try'),
    make(
      'ul',
      {},
      ...presets.map(({ title, changes }) =>
        make('li', {}, presetLink(title, { ...defaultSettings, ...changes }, onChoose)),
      ),
    ),
  )
