import { expect, test } from 'vitest'
import { openDirectoryStore } from '../src/index.ts'

test('names that lead out of the store are refused', async () => {
  const store = openDirectoryStore('/nowhere')
  for (const name of ['../a', 'a/../b', '/a', 'a//b', '', 'a b', 'a\0'])
    await expect(store.remove(name)(), name).rejects.toThrow(RangeError)
})
