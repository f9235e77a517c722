/** Checks that every link inside the site that `npm run docs` makes leads to something. Addresses elsewhere are left alone: the check needs no network. */
import { LinkChecker, LinkState } from 'linkinator'
import typedoc from '../typedoc.config.mjs'

const { links } = await new LinkChecker().check({
  path: typedoc.out,
  recurse: true,
  checkFragments: true,
  linksToSkip: async (link) => !link.startsWith('http://localhost'),
})
// Files of the repository that pages link to are copied into `media`; what those link to is no part of the site.
const broken = links.filter(({ state, parent }) => state === LinkState.BROKEN && !parent?.includes('/media/'))
if (broken.length > 0) {
  for (const { url, parent } of broken) console.error(`${parent}: it links to ${url}, which is not there`)
  process.exit(1)
}
const checked = links.filter(({ state }) => state === LinkState.OK)
console.log(`${checked.length} pages and files of the site are linked, and there.`)
