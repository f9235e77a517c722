import { expect, test } from 'vitest'
import { type DataError, type DataRemedyWords, dataRemedyOf, renderDataError } from '../src/index.ts'

const words: DataRemedyWords = {
  acceptChecksum: 'ACCEPT',
  downloadLater: 'LATER',
  allowDownload: 'ALLOW',
  checkNetwork: 'NETWORK',
}

const mismatch: DataError = {
  _tag: 'ChecksumMismatch',
  file: 'a.gz',
  algorithm: 'md5',
  expected: '00',
  found: 'ff',
  expectedBytes: 1,
  foundBytes: 1,
  acceptable: true,
  hint: '',
}

test.each<readonly [DataError, keyof DataRemedyWords]>([
  [mismatch, 'acceptChecksum'],
  [{ ...mismatch, acceptable: false }, 'downloadLater'],
  [{ _tag: 'DataFileMissing', dataset: 'mnist', file: 'a.gz', searched: ['x'] }, 'allowDownload'],
  [{ _tag: 'DownloadFailed', file: 'a.gz', attempts: [{ url: 'u', reason: 'r' }] }, 'checkNetwork'],
])('the remedy of %o is a tag, in words that an app chooses', (error, remedy) => {
  expect(dataRemedyOf(error)).toBe(remedy)
  const message = renderDataError(error, words)
  expect(message).toMatch(new RegExp(`\\. ${words[remedy]}$`))
  expect(renderDataError(error).startsWith(message.replace(words[remedy], ''))).toBe(true)
})

test('an error whose remedy is the same everywhere has no tag', () => {
  const error: DataError = { _tag: 'CorruptArchive', file: 'a.gz', reason: 'r' }
  expect(dataRemedyOf(error)).toBe(null)
  expect(renderDataError(error, words)).toBe('a.gz: cannot be unpacked: r. Fetch the file again.')
})
