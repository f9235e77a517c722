/** What to do about an error, for a visitor, who has settings and buttons. */
import type { RemedyWords } from '@laperm/core'
import type { SessionRemedyWords } from '@laperm/engine'
import type { ErrorWords } from '@laperm/train'

/** For a backend or an engine that this browser cannot run. */
export const pageRemedies: RemedyWords = {
  allowSoftware: 'Allow software in the settings to use it all the same, or choose another engine.',
  installDriver: 'Enable hardware acceleration in the browser, or choose another engine.',
  otherBackend: 'Choose another engine on this device.',
}

/** For an engine that fails while it trains. */
const pageSessionRemedies: SessionRemedyWords = {
  lowerLearningRate: 'Choose a lower learning rate.',
  smallerBatch: 'Choose a smaller batch, or another engine.',
  makeEngineAgain: 'Start again, or choose another engine.',
  goOn: 'Start again, or choose another engine.',
  restoreState: 'Start again.',
  compileAgain: 'Start again.',
}

/** For everything that can go wrong between settings and a trained network. */
export const pageWords: ErrorWords = { unavailable: pageRemedies, session: pageSessionRemedies }
