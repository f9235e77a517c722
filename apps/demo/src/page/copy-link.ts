/** The link to a run, in the clipboard where the browser lets us, on the page otherwise. */
import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash } from '../settings/settings-text.ts'
import { setText } from './elements.ts'
import type { Notices } from './notices.ts'

export const copyLink = async (
  settings: RunSettings,
  status: HTMLElement,
  notices: Notices,
): Promise<void> => {
  const { href } = new URL(linkHash(settings), location.href)
  try {
    await navigator.clipboard.writeText(href)
    setText(status, 'The link to this run is in the clipboard.')
  } catch {
    notices.show({ subject: 'link', tone: 'hint', text: `The link to this run: ${href}` })
  }
}
