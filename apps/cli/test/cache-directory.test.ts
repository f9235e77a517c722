import { describe, expect, it } from 'vitest'
import { cacheDirectory } from '../src/load-data.ts'

describe('the cache directory', () => {
  it('is the one that is named; an empty name is none', async () => {
    expect(await cacheDirectory({ LAPERM_CACHE_DIR: '/named' })).toBe('/named')
    const usual = await cacheDirectory({})
    expect(usual).toMatch(/laperm/)
    expect(await cacheDirectory({ LAPERM_CACHE_DIR: '' })).toBe(usual)
  })
})
