/**
 * Build before the tests: a pool's threads are plain Node, which runs `dist`, and the page is bundled from `dist` too.
 */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export default (): void => {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const packages = ['..', '../../conformance'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  execFileSync(process.execPath, [compiler, '-b', ...packages], { stdio: 'inherit' })
}
