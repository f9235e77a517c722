/**
 * `npm test`: install, build, and run every test on the sources and on the built command line.
 * Arguments go to vitest: `npm test -- --project core`.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium } from './chromium.mjs'
import { root } from './packages.mjs'
import { ensureRedis } from './redis.mjs'
import { buildBundlesForPages, compilePackages, installDependencies } from './setup.mjs'
import { ensureVulkanLoader } from './vulkan.mjs'

installDependencies()
compilePackages()
buildBundlesForPages()

/** Projects that vitest was told to run by name; none means all. */
const chosen = process.argv.flatMap((argument, i, all) =>
  argument.startsWith('--project=') ? [argument.slice(10)] : argument === '--project' ? [all[i + 1]] : [],
)
if (chosen.length === 0 || chosen.some((name) => /webgl|webgpu|tfjs|\*/.test(name ?? ''))) {
  ensureChromium()
  ensureVulkanLoader()
}
if (chosen.length === 0 || chosen.some((name) => /redis|cli|\*/.test(name ?? ''))) ensureRedis()

const report = join(root, 'node_modules', '.cache', 'laperm-test-report.json')
rmSync(report, { force: true })
const result = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`)
} catch (error) {
  console.error(`No test report was written to ${report}: ${error.message}`)
}
process.exitCode = result.status ?? 1
