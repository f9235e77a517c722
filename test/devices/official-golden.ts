/**
 * The authors' 26 results, as core's tests keep them: parsed JSON that can be sent into a page.
 */
import { readFileSync } from 'node:fs'

export const officialGolden = (): unknown =>
  JSON.parse(
    readFileSync(new URL('../../packages/core/test/fixtures/official-sync.json', import.meta.url), 'utf8'),
  )
