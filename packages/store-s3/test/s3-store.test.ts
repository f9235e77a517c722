import { randomUUID } from 'node:crypto'
import { checkStore, renderStoreReport } from '@laperm/conformance/store'
import { either as E } from 'fp-ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasS3, type S3Server, startS3 } from '../../../test/devices/s3.ts'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { openS3Store, parseS3Url } from '../src/index.ts'

describe.runIf(hasS3)('the store on S3', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3()
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.stop()
  })

  test('keeps every law of stores', async () => {
    const make = async () => {
      const place = parseS3Url(`s3://${server.bucket}/${randomUUID()}`)
      if (E.isLeft(place)) throw new Error(place.left.reason)
      const stores = [0, 1].map(() => openS3Store(place.right, { endpoint: server.endpoint }))
      let opened = 0
      return {
        open: async () => stores[opened++],
        remove: async () => {
          for (const store of stores) await store.close()
        },
      }
    }
    const report = await checkStore({ name: 'S3', make, folder: makeTemporaryFolder('laperm-s3-laws-') })
    console.log(renderStoreReport(report))
    expect(report.passed, renderStoreReport(report)).toBe(true)
  })
})
