/** What a stranger has after `npm install` of the tarballs, in an empty folder. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages } from '../packages.mjs'
import { isThisMachine, packRuntime, runtimeHosts } from '../runtime-packages.mjs'
import { packAndCheck } from './pack-and-check.mjs'

/** Packages whose install scripts may run: this one looks whether its prebuilt binary loads, and npm goes on without it where the script fails. */
const knownScripts = ['msgpackr-extract']

/** Peers that no install without a network brings along: their install scripts download TensorFlow. */
const nativePeers = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']

/** Optional peers that npm can install, without our own, which are there as tarballs. */
const optionalPeers = () => {
  const others = [...nativePeers, ...publicPackages.map(({ name }) => name)]
  const wanted = publicPackages.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies ?? {})
      .filter(([name]) => manifest.peerDependenciesMeta?.[name]?.optional && !others.includes(name))
      .map(([name, range]) => `${name}@${range}`),
  )
  return [...new Set(wanted)]
}

/** Whether a package's script is known, or somebody has to ask for the package: an optional peer, and what is here for a check alone. */
const isKnown = (path, askedFor) =>
  [...knownScripts, ...askedFor.map((wanted) => wanted.replace(/(?<=.)@.*/, ''))].some((name) =>
    path.endsWith(`node_modules/${name}`),
  )

/** As a stranger installs: with install scripts, and without our `.npmrc`. */
export const npmInstall = (folder, packages) => {
  const flags = ['--no-ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  execFileSync('npm', ['install', `--userconfig=${join(folder, 'no-npmrc')}`, ...flags, ...packages], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/**
 * Pack, check and install everything: packages and their optional peers.
 *
 * @param {string} target an empty folder.
 * @param {readonly string[]} more packages for checks, as npm takes them.
 * @throws Error where a package runs an install script that nobody has looked at.
 */
export const installPacked = async (target, more = []) => {
  const tarballs = await packAndCheck(target)
  const runtime = runtimeHosts.find(isThisMachine)
  if (runtime !== undefined) tarballs.push(packRuntime(runtime, target))
  writeFileSync(join(target, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const askedFor = [...optionalPeers(), ...more]
  npmInstall(target, [...tarballs.map((name) => `./${name}`), ...askedFor])
  const { packages } = JSON.parse(readFileSync(join(target, 'node_modules/.package-lock.json'), 'utf8'))
  const scripted = Object.entries(packages)
    .filter(([path, { hasInstallScript }]) => hasInstallScript && !isKnown(path, askedFor))
    .map(([path]) => path)
  if (scripted.length > 0)
    throw new Error(`${scripted} run install scripts: see what they download, and docs/decisions/0037`)
}
