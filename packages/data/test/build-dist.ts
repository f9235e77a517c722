/**
 * Build the package before its tests: the batch worker is started from `dist`, and a stale one would test yesterday's code.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export default (): void => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const built = spawnSync(process.execPath, [tsc, '-b', fileURLToPath(new URL('..', import.meta.url))], {
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`packages/data could not be built:\n${built.stdout}${built.stderr}`)
}
