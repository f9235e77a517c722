/**
 * Packs every public package, installs the tarballs together in an empty directory as a stranger does, with install scripts and without our
 * `.npmrc`, and uses them there: what npm users get, not what the workspace sees. `--keep` leaves the directory there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBundlesForPages, compilePackages, installDependencies } from './setup.mjs'
import { installPacked } from './tarballs/install.mjs'
import { findRuntimes } from './tarballs/runtimes.mjs'
import { bundlerPackages, tryBundlers } from './tarballs/try-bundlers.mjs'
import { tryRuntime } from './tarballs/try-runtime.mjs'
import { checkTypes, typePackages } from './tarballs/type-versions.mjs'

/** The quickest bundler, and one that has no way of its own for binaries; tests have Vite, `npm run check:bundlers` all. */
const bundlers = ['esbuild']

installDependencies()
compilePackages()
buildBundlesForPages()

/** Do something, and print what it says with the time that it took. */
const timed = async (check) => {
  const start = performance.now()
  const lines = await check()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  for (const line of [lines].flat()) console.log(`${line} (${seconds} s)`)
}

const target = mkdtempSync(join(tmpdir(), 'laperm-packed-'))
try {
  await timed(async () => {
    await installPacked(target, [...typePackages, ...bundlerPackages(bundlers)])
    return 'every package is packed, checked and installed'
  })
  // Compilers keep a core busy for long, and runtimes start many short processes: each fills the other's gaps.
  const runtimes = findRuntimes()
  await Promise.all([
    timed(() => checkTypes(target)),
    (async () => {
      for (const runtime of runtimes) await timed(() => tryRuntime(target, runtime))
      await timed(() => tryBundlers(target, bundlers))
    })(),
  ])
} finally {
  if (process.argv.includes('--keep')) console.log(target)
  else rmSync(target, { recursive: true, force: true })
}
