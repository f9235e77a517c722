/**
 * Every public package as a tarball in one folder, `packed`, for whoever installs LaPerm from a checkout: `npm run pack`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packPackage } from './pack-package.mjs'
import { publicPackages, root } from './packages.mjs'
import { build, installDependencies } from './setup.mjs'

installDependencies()
build()
const target = join(root, 'packed')
rmSync(target, { recursive: true, force: true })
mkdirSync(target)
for (const workspace of publicPackages) console.log(`packed/${packPackage(workspace, target).filename}`)
console.log(`
Elsewhere, all of it:   npm install --ignore-scripts ${target}/*.tgz
or what you need of it: npm install ${target}/laperm-core-*.tgz`)
