import { join } from 'node:path'
import { checkStore, renderStoreReport } from '@laperm/conformance/store'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { openDirectoryStore } from '../src/index.ts'

test('the store in a directory keeps every law of stores', async () => {
  let stores = 0
  const make = async () => {
    const directory = join(makeTemporaryFolder('laperm-store-'), `store-${stores++}`)
    return { open: async () => openDirectoryStore(directory), remove: async () => undefined }
  }
  const folder = makeTemporaryFolder('laperm-store-laws-')
  const report = await checkStore({ name: 'directory', make, folder })
  expect(report.passed, renderStoreReport(report)).toBe(true)
})

test('names that lead out of the store are refused', async () => {
  const store = openDirectoryStore('/nowhere')
  for (const name of ['../a', 'a/../b', '/a', 'a//b', '', 'a b', 'a\0'])
    await expect(store.remove(name)(), name).rejects.toThrow(RangeError)
})
