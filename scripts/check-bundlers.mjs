/**
 * `npm run check:bundlers`: a page of the packed packages through every bundler that is known here, opened in Chromium. Installs the bundlers, so it is no part of
 * CI; `npm run check:packages` does the same with one. Names choose: `npm run check:bundlers -- parcel`. `--keep` leaves the folder there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBundlesForPages, compilePackages, installDependencies } from './setup.mjs'
import { bundlers } from './tarballs/bundlers.mjs'
import { installPacked } from './tarballs/install.mjs'
import { bundlerPackages, tryBundlers } from './tarballs/try-bundlers.mjs'

installDependencies()
compilePackages()
buildBundlesForPages()

const isKept = process.argv.includes('--keep')
const chosen = process.argv.slice(2).filter((word) => word !== '--keep')
const unknown = chosen.filter((name) => bundlers[name] === undefined)
if (unknown.length > 0) throw new Error(`${unknown} is none of ${Object.keys(bundlers).join(', ')}`)
const names = chosen.length > 0 ? chosen : Object.keys(bundlers)

const target = mkdtempSync(join(tmpdir(), 'laperm-bundlers-'))
try {
  await installPacked(target, bundlerPackages(names))
  for (const line of await tryBundlers(target, names)) console.log(line)
} finally {
  if (isKept) console.log(target)
  else rmSync(target, { recursive: true, force: true })
}
