/** The demo: the only module with effects of its own. */
import { makeMeasureSection } from './measure/measure-section.ts'
import { keepOffline } from './offline/keep-offline.ts'
import { makeOwnBackendSection } from './own-backend/own-backend-section.ts'
import { makeDemoPage } from './page/demo-page.ts'
import { byId } from './page/elements.ts'
import { watchScrollRegions } from './page/scroll-regions.ts'
import { makeVerifySection } from './verify/verify-section.ts'

// The address behind # belongs to the settings.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault()
  byId('start', HTMLButtonElement).focus()
})
byId('settings-panel', HTMLDetailsElement).open = matchMedia('(min-width: 62rem)').matches

/** The page without its programs stays as it is, below the sentence that says why. */
const isAble = typeof Worker !== 'undefined'
if (isAble) {
  makeDemoPage()
  makeVerifySection()
  makeOwnBackendSection()
  makeMeasureSection()
  watchScrollRegions()
  keepOffline()
}
