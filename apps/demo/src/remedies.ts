/** What to do about an error, for a visitor, who has settings and buttons. */
import type { RemedyWords } from '@laperm/core'
import type { SessionRemedyWords } from '@laperm/engine'
import type { ErrorWords } from '@laperm/train'

/** For a backend or an engine that this browser cannot run. */
export const pageRemedies: RemedyWords = {
  allowSoftware:
    'Tick the box for a GPU that is a program on the CPU to take it all the same, or choose WebAssembly.',
  installDriver: 'Turn on hardware acceleration in the browser, or choose WebAssembly.',
  otherBackend: 'Choose another backend in the settings.',
}

/** For an engine that fails while it trains. */
const pageSessionRemedies: SessionRemedyWords = {
  lowerLearningRate: 'Choose a lower learning rate.',
  smallerBatch: 'Choose a smaller batch, or another backend.',
  makeEngineAgain: 'Start again, or choose another backend.',
  goOn: 'Start again, or choose another backend.',
  restoreState: 'Start again.',
  compileAgain: 'Start again.',
}

/** For everything that can go wrong between settings and a trained network. */
export const pageWords: ErrorWords = { unavailable: pageRemedies, session: pageSessionRemedies }
