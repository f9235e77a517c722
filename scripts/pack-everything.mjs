/** Every public package as a tarball, and ONNX Runtime with them. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packPackages } from './pack-packages.mjs'
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
  const hosts = runtimeHosts.filter((host) => forAllMachines || isThisMachine(host))
  const runtimes = hosts.map((host) => {
    const folder = isThisMachine(host) ? 'packed' : 'packed/other-machines'
    mkdirSync(join(root, folder), { recursive: true })
    return `${folder}/${packRuntime(host, join(root, folder))}`
  })
  mkdirSync(join(root, 'packed'), { recursive: true })
  return [
    ...runtimes,
    ...packPackages(inOrder, join(root, 'packed')).map(({ filename }) => `packed/${filename}`),
  ]
}
