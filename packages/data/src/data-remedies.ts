/** What to do about a data error, as tags: an app puts them into its own words. */

/** What somebody who waits for data can do; errors without a tag say it themselves, as it is the same everywhere. */
export type DataRemedy =
  /** Fetch the file again, or read it although it is not the published one. */
  | 'acceptChecksum'
  /** A download brought other bytes than the published ones, and was not kept. */
  | 'downloadLater'
  /** Put the file where it was looked for, or allow the download. */
  | 'allowDownload'
  /** Check the network, or put the file where it is looked for. */
  | 'checkNetwork'

/** An app's words for each remedy: whole sentences. */
export type DataRemedyWords = Readonly<Record<DataRemedy, string>>

/** Remedies for those who call functions. */
export const neutralDataRemedies: DataRemedyWords = {
  acceptChecksum: 'Fetch the file again, or accept it as it is (acceptChecksum).',
  downloadLater: 'Nothing was kept. Try again later, or put the file into your data directory.',
  allowDownload: 'Put the file into one of these places, or allow the download.',
  checkNetwork:
    'Check the network and try again (what has arrived is used), or put the file into your data directory.',
}
