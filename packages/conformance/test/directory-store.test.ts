/** The store in a directory is proven by the laws of stores; here, because what the laws are about must not depend on them. */
import { join } from 'node:path'
import { openDirectoryStore } from '@laperm/store'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { checkStore, renderStoreReport } from '../src/store/index.ts'

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
