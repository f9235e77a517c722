/** Puts the addresses that the project's own package.json knows into the page: its repository and its documentation. */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

interface Project {
  readonly homepage?: string
  readonly repository?: string | { readonly url?: string }
}

const place = '<!-- links of the project -->'

/** A repository as a page that people open. */
const pageOf = (repository: Project['repository']): string | undefined =>
  (typeof repository === 'string' ? repository : repository?.url)?.replace(/^git\+/, '').replace(/\.git$/, '')

export const projectLinksPlugin = (): Plugin => ({
  name: 'laperm-project-links',
  transformIndexHtml: (html, { path: page }) => {
    if (!page.endsWith('/index.html')) return html
    const path = new URL('../../../package.json', import.meta.url)
    const { homepage, repository }: Project = JSON.parse(readFileSync(path, 'utf8'))
    const links = [
      ['The repository', pageOf(repository)],
      ['The documentation', homepage],
    ].flatMap(([title, address]) =>
      address?.startsWith('https://') ? [`<li><a href="${encodeURI(address)}">${title}</a></li>`] : [],
    )
    if (!html.includes(place)) throw new Error(`index.html has no ${place}`)
    return html.replace(place, links.join(''))
  },
})
