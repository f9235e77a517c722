/** Where the settings of a run come from besides the form: the link, the first visit, and runs worth a look, which can be undone. */

import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash, readHash } from '../settings/settings-text.ts'
import { storySettings } from '../settings/story-settings.ts'
import { byId } from './elements.ts'
import { readMovieLink } from './movie-link.ts'
import type { Notices } from './notices.ts'
import { presetLinks } from './presets.ts'
import type { SettingsForm } from './settings-form.ts'

export interface Steering {
  /** Take settings that did not come from the form. */
  readonly settle: (settings: RunSettings) => void
  /** Do what the address says. */
  readonly follow: () => void
}

/** What the page does with settings. */
export interface Steered {
  readonly start: () => void
  readonly reset: () => void
  /** Every step as fast as it goes, or slowly enough to see. */
  readonly setSlowly: (isSlow: boolean) => void
  /** Train, and then show all of it as a movie. */
  readonly startMovie: () => void
}

export const steerSettings = (form: SettingsForm, notices: Notices, page: Steered): Steering => {
  const settle = (settings: RunSettings): void => {
    form.show(settings)
    window.history.replaceState(null, '', linkHash(settings))
  }
  /** Nobody asked for a run yet: the page shows one by itself, where pictures that move are welcome. */
  const playStory = (): void => {
    form.show(storySettings)
    page.setSlowly(true)
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) page.reset()
    else page.start()
  }
  const followLink = (): void => {
    const { hash, isMovie } = readMovieLink(location.hash)
    const { settings, problems } = readHash(hash)
    settle(settings)
    notices.clear('link')
    if (problems.length > 0)
      notices.show({
        subject: 'link',
        tone: 'problem',
        text: problems.map(({ message }) => message).join(' '),
      })
    if (isMovie) page.startMovie()
    else page.reset()
  }
  const follow = (): void => (location.hash === '' ? playStory() : followLink())
  const startPreset = (title: string, settings: RunSettings): void => {
    const before = form.settings()
    settle(settings)
    page.start()
    notices.show({
      subject: 'preset',
      tone: 'hint',
      text: `“${title}” has started in place of the run before.`,
      actions: [
        {
          label: 'Undo',
          run: () => {
            settle(before)
            page.start()
          },
        },
      ],
    })
  }
  byId('settings', HTMLFormElement).prepend(presetLinks(startPreset))
  window.addEventListener('hashchange', () => {
    if (location.hash !== linkHash(form.settings())) follow()
  })
  return { settle, follow }
}
