/** Builds the package before its tests: a worker is started from `dist`, which must not be older than the sources. */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export default (): void => {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
  execFileSync(process.execPath, [compiler, '-b', packageFolder], { stdio: 'inherit' })
}
