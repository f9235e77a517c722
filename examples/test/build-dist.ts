/**
 * The examples are programs of plain Node on built packages: build them first, so that a stale build cannot pass for a fresh one.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export default (): void => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const packages = ['data', 'tfjs', 'backend-node'].map((name) =>
    fileURLToPath(new URL(`../../packages/${name}`, import.meta.url)),
  )
  const built = spawnSync(process.execPath, [tsc, '-b', ...packages], { encoding: 'utf8' })
  if (built.status !== 0)
    throw new Error(`the examples’ packages could not be built:\n${built.stdout}${built.stderr}`)
}
