import type { DataError } from '@laperm/data'
import { expect, test } from 'vitest'
import { renderFailure } from '../src/failure.ts'

const file = 'data/(acceptChecksum)/train-labels-idx1-ubyte.gz'

test.each<readonly [DataError, string]>([
  [
    {
      _tag: 'ChecksumMismatch',
      file,
      algorithm: 'sha256',
      expected: '00',
      found: 'ff',
      expectedBytes: 1,
      foundBytes: 1,
      acceptable: true,
      hint: '',
    },
    `${file}: its sha256 is ff, but the published one is 00. Fetch the file again, or accept it as it is (--accept-checksum).`,
  ],
  [
    { _tag: 'DataFileMissing', dataset: 'mnist', file, searched: ['x'] },
    `mnist: ${file} was not found (looked for x), and downloading is switched off. Put the file into one of these places, or allow the download. --data-dir or LAPERM_DATA_DIR names a data directory; --dataset digits needs no files.`,
  ],
])('a data error names flags, and leaves the names of files alone', (error, message) => {
  expect(renderFailure(error)).toBe(message)
})
