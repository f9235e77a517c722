/** Which version of the program this is. */
import { createRequire } from 'node:module'

/** Version of this program, out of its package.json. */
export const lapermVersion = (): string => {
  const manifest: unknown = createRequire(import.meta.url)('../package.json')
  return (manifest as { readonly version: string }).version
}
