/** Every public package as a tarball, and ONNX Runtime with them. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packPackage } from './pack-package.mjs'
import { layers, publicPackages, root } from './packages.mjs'
import { isThisMachine, packRuntime, runtimeHosts } from './runtime-packages.mjs'
import { buildBundlesForPages, compilePackages, installDependencies } from './setup.mjs'

/** Lower layers first: whoever installs while a release goes on finds what a package needs. */
const inOrder = layers.flat().flatMap((name) => publicPackages.filter((workspace) => workspace.name === name))

/**
 * Install, build, and pack into `packed`. ONNX Runtime for machines unlike this one goes into a folder of its own: npm refuses to install what does
 * not fit the machine.
 *
 * @param {boolean} forAllMachines whether ONNX Runtime is packed for others too.
 * @returns {string[]} paths of the tarballs below the root, in the order in which they can be published
 */
export const packEverything = (forAllMachines) => {
  installDependencies()
  compilePackages()
  buildBundlesForPages()
  rmSync(join(root, 'packed'), { recursive: true, force: true })
  const packInto = (folder, pack) => {
    mkdirSync(join(root, folder), { recursive: true })
    return `${folder}/${pack(join(root, folder))}`
  }
  const runtimes = runtimeHosts
    .filter((host) => forAllMachines || isThisMachine(host))
    .map((host) =>
      packInto(isThisMachine(host) ? 'packed' : 'packed/other-machines', (target) =>
        packRuntime(host, target),
      ),
    )
  return [
    ...runtimes,
    ...inOrder.map((workspace) => packInto('packed', (target) => packPackage(workspace, target).filename)),
  ]
}
