/** The link to a run, in the clipboard where the browser lets us, on the page otherwise. */
import { setText } from './elements.ts'
import type { Notices } from './notices.ts'

/** @param hash the link's part behind the address of the page. */
export const copyLink = async (hash: string, status: HTMLElement, notices: Notices): Promise<void> => {
  const { href } = new URL(hash, location.href)
  try {
    await navigator.clipboard.writeText(href)
    setText(status, 'The link is in the clipboard.')
  } catch {
    notices.show({ subject: 'link', tone: 'hint', text: `The link: ${href}` })
  }
}
