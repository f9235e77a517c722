/** What to do about an error, for those who type commands. */
import type { RemedyWords } from '@laperm/core'
import { type DataRemedyWords, neutralDataRemedies } from '@laperm/data'
import type { ErrorWords } from '@laperm/train'
import { shellWord } from './shell-word.ts'
import { softwareGpuVariable } from './software-gpu.ts'

/** Remedies for a backend or an engine that cannot run here. */
export const unavailableRemedies: RemedyWords = {
  allowSoftware: `Set ${softwareGpuVariable}=1 to use it all the same, or use another one.`,
  installDriver: `Install a Vulkan, Metal or D3D12 driver, or set VK_ICD_FILENAMES to a software driver and ${softwareGpuVariable}=1.`,
  otherBackend: 'Use another one on this device.',
}

const whereDataIs = '--data-dir or LAPERM_DATA_DIR names a data directory; --dataset digits needs no files.'

/** Remedies for data that cannot be read or fetched. */
export const dataRemedies: DataRemedyWords = {
  ...neutralDataRemedies,
  acceptChecksum: 'Fetch the file again, or accept it as it is (--accept-checksum).',
  allowDownload: `${neutralDataRemedies.allowDownload} ${whereDataIs}`,
  checkNetwork: `${neutralDataRemedies.checkNetwork} ${whereDataIs}`,
}

/** How a run goes on after whatever may have happened. */
export const goOnHint = (runDirectory: string): string =>
  `To go on from the last checkpoint: laperm train --resume ${shellWord(runDirectory)}`

/**
 * Words for every other remedy.
 *
 * @param runDirectory of the run that can be gone on with; null where there is none.
 */
export const remediesFor = (runDirectory: string | null): ErrorWords => {
  const goOn = runDirectory === null ? 'Try again.' : goOnHint(runDirectory)
  return {
    unavailable: unavailableRemedies,
    session: {
      lowerLearningRate: 'Try a lower --learning-rate.',
      smallerBatch: 'Try a smaller --batch-size.',
      makeEngineAgain: goOn,
      goOn,
      restoreState: goOn,
      compileAgain: goOn,
    },
  }
}
