/**
 * Every public package as a tarball in one folder, `packed`, for whoever installs LaPerm from a checkout: `npm run pack`. ONNX Runtime is packed for
 * this machine; `--all-machines` packs it for the others too, in a folder beside: npm refuses to install what does not fit the machine.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packPackage } from './pack-package.mjs'
import { publicPackages, root } from './packages.mjs'
import { isThisMachine, packRuntime, runtimeHosts } from './runtime-packages.mjs'
import { build, buildBundlesForPages, installDependencies } from './setup.mjs'

installDependencies()
build()
buildBundlesForPages()
const target = join(root, 'packed')
const others = join(target, 'other-machines')
rmSync(target, { recursive: true, force: true })
mkdirSync(others, { recursive: true })
for (const workspace of publicPackages) console.log(`packed/${packPackage(workspace, target).filename}`)
for (const host of runtimeHosts)
  if (isThisMachine(host)) console.log(`packed/${packRuntime(host, target)}`)
  else if (process.argv.includes('--all-machines'))
    console.log(`packed/other-machines/${packRuntime(host, others)}`)
console.log(`
Elsewhere, all of it:   npm install ${target}/*.tgz
or what you need of it: npm install ${target}/laperm-core-*.tgz`)
