/**
 * Everything that can go wrong between a data set's name and its bytes, as tagged plain records, and one renderer for people.
 *
 * Programmer errors (a negative limit, a buffer too short) are not here: they throw `RangeError`.
 */
import { type DataRemedy, type DataRemedyWords, neutralDataRemedies } from './data-remedies.ts'

/** What a checksum is made with. sha256 where we could compute it from verified files, else the publisher's md5. */
export type ChecksumAlgorithm = 'sha256' | 'md5'

/** No file of that name in any of the places searched, and none may be downloaded. */
export interface DataFileMissing {
  readonly _tag: 'DataFileMissing'
  readonly dataset: string
  readonly file: string
  readonly searched: readonly string[]
}

/** The bytes are not the published ones. */
export interface ChecksumMismatch {
  readonly _tag: 'ChecksumMismatch'
  readonly file: string
  readonly algorithm: ChecksumAlgorithm
  readonly expected: string
  readonly found: string
  readonly expectedBytes: number
  readonly foundBytes: number
  /** Whether `acceptChecksum` would read it all the same: only for files that the user put there, never for a download. */
  readonly acceptable: boolean
  /** What the bytes seem to be, when they are known; else `''`. */
  readonly hint: string
}

/** The first bytes do not say that this is the format expected. */
export interface BadMagic {
  readonly _tag: 'BadMagic'
  readonly file: string
  readonly expected: string
  readonly found: string
}

/** A header field that breaks its rule: a count, an image side. */
export interface BadHeader {
  readonly _tag: 'BadHeader'
  readonly file: string
  readonly field: string
  readonly rule: string
  readonly found: string
}

/** Fewer or more bytes than the header announces. */
export interface WrongLength {
  readonly _tag: 'WrongLength'
  readonly file: string
  readonly expectedBytes: number
  readonly foundBytes: number
}

/** A compressed file that does not decompress. */
export interface CorruptArchive {
  readonly _tag: 'CorruptArchive'
  readonly file: string
  readonly reason: string
}

/** More bytes than the format can need; reading stopped there. */
export interface TooLarge {
  readonly _tag: 'TooLarge'
  readonly file: string
  readonly limitBytes: number
}

/** A label that is no class of the data set. */
export interface LabelOutOfRange {
  readonly _tag: 'LabelOutOfRange'
  readonly file: string
  readonly index: number
  readonly label: number
  readonly classes: number
}

/** Two files that belong together do not fit. */
export interface CountMismatch {
  readonly _tag: 'CountMismatch'
  readonly imagesFile: string
  readonly images: number
  readonly labelsFile: string
  readonly labels: number
}

/** A data set of somebody's own breaks a rule: an array's length, a label, a file that is not there. */
export interface InvalidDataset {
  readonly _tag: 'InvalidDataset'
  /** Its name, or the path it was read from. */
  readonly dataset: string
  /** Which part of it: `train.labels[17]`, `inputShape`. */
  readonly field: string
  readonly value: string
  readonly rule: string
}

/** What is to be done to the inputs does not suit them: augmenting vectors, dividing floats by 255. */
export interface DoesNotSuit {
  readonly _tag: 'DoesNotSuit'
  readonly dataset: string
  readonly field: 'normalization' | 'augmentation'
  readonly value: string
  readonly rule: string
}

/** Every mirror failed. */
export interface DownloadFailed {
  readonly _tag: 'DownloadFailed'
  readonly file: string
  readonly attempts: readonly { readonly url: string; readonly reason: string }[]
}

/** The caller's signal stopped it. What had arrived is kept aside and used by the next download. */
export interface DownloadAborted {
  readonly _tag: 'DownloadAborted'
  readonly file: string
  readonly receivedBytes: number
}

/** The caller's signal stopped the reading of files. Nothing was changed. */
export interface ReadingAborted {
  readonly _tag: 'ReadingAborted'
  /** The data set's name or path. */
  readonly what: string
}

/** A file was written, replaced or removed while it was read. */
export interface FileChanged {
  readonly _tag: 'FileChanged'
  readonly file: string
  readonly beforeBytes: number
  /** Null where it is gone. */
  readonly afterBytes: number | null
}

/** The file system said no. */
export interface FileSystemFailed {
  readonly _tag: 'FileSystemFailed'
  readonly file: string
  readonly reason: string
}

/** Whatever keeps a data set from being loaded. */
export type DataError =
  | DataFileMissing
  | ChecksumMismatch
  | BadMagic
  | BadHeader
  | WrongLength
  | CorruptArchive
  | TooLarge
  | LabelOutOfRange
  | CountMismatch
  | InvalidDataset
  | DoesNotSuit
  | DownloadFailed
  | DownloadAborted
  | ReadingAborted
  | FileChanged
  | FileSystemFailed

const bytes = (count: number): string => `${count.toLocaleString('en-US')} bytes`

/** The tag of an error; null for errors that have none. */
export const dataRemedyOf = (error: DataError): DataRemedy | null => {
  switch (error._tag) {
    case 'ChecksumMismatch':
      return error.acceptable ? 'acceptChecksum' : 'downloadLater'
    case 'DataFileMissing':
      return 'allowDownload'
    case 'DownloadFailed':
      return 'checkNetwork'
    default:
      return null
  }
}

/**
 * One error for people: what was wrong, where, the value, the rule, what to do next.
 *
 * @param words an app's for remedies.
 */
export const renderDataError = (error: DataError, words: DataRemedyWords = neutralDataRemedies): string => {
  const remedy = dataRemedyOf(error)
  return remedy === null ? whatIsWrong(error) : `${whatIsWrong(error)} ${words[remedy]}`
}

const whatIsWrong = (error: DataError): string => {
  switch (error._tag) {
    case 'DataFileMissing':
      return `${error.dataset}: ${error.file} was not found (looked for ${error.searched.join(', ')}), and downloading is switched off.`
    case 'ChecksumMismatch': {
      const size =
        error.foundBytes === error.expectedBytes
          ? ''
          : ` It holds ${bytes(error.foundBytes)}, the published file ${bytes(error.expectedBytes)}.`
      return `${error.file}: its ${error.algorithm} is ${error.found}, but the published one is ${error.expected}.${size}${error.hint === '' ? '' : ` ${error.hint}`}`
    }
    case 'BadMagic':
      return `${error.file}: starts with ${error.found}, but must start with ${error.expected}. It is not the file it should be; fetch it again.`
    case 'BadHeader':
      return `${error.file}: ${error.field} is ${error.found}, but ${error.rule}. Fetch the file again.`
    case 'WrongLength':
      return `${error.file}: holds ${bytes(error.foundBytes)}, but must hold ${bytes(error.expectedBytes)}. ${error.foundBytes < error.expectedBytes ? 'It was cut short' : 'Something was added to it'}; fetch it again.`
    case 'CorruptArchive':
      return `${error.file}: cannot be unpacked: ${error.reason}. Fetch the file again.`
    case 'TooLarge':
      return `${error.file}: holds more than the ${bytes(error.limitBytes)} that it can need; reading stopped there. It is not the file it should be; fetch it again.`
    case 'LabelOutOfRange':
      return `${error.file}: the label of example ${error.index} is ${error.label}, but must be below ${error.classes}. The file is damaged or of another data set; fetch it again.`
    case 'CountMismatch':
      return `${error.imagesFile} holds ${error.images} images, but ${error.labelsFile} ${error.labels} labels. They must come from the same data set and split.`
    case 'InvalidDataset':
      return `${error.dataset}: ${error.field} is ${error.value}, but ${error.rule}.`
    case 'DoesNotSuit':
      return `${error.dataset}: ${error.field} is ${error.value}, but ${error.rule}.`
    case 'DownloadFailed':
      return `${error.file} could not be downloaded: ${error.attempts.map(({ url, reason }) => `${url}: ${reason}`).join('; ')}.`
    case 'DownloadAborted':
      return `${error.file}: the download was stopped after ${bytes(error.receivedBytes)}. The next one goes on from there.`
    case 'ReadingAborted':
      return `${error.what}: the reading was stopped; nothing was changed.`
    case 'FileChanged':
      return `${error.file}: it changed while it was read (${bytes(error.beforeBytes)} before, ${error.afterBytes === null ? 'gone' : bytes(error.afterBytes)} after). Wait until whoever writes it is done, and try again.`
    case 'FileSystemFailed':
      return `${error.file}: ${error.reason}. Check the path, its permissions and the free space.`
    default:
      return error satisfies never
  }
}
