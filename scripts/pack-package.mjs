/** One package as the tarball that npm users get. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npmPack } from './npm-pack.mjs'
import { runtimeDependencies } from './runtime-packages.mjs'

/** What the manifest of a package has only where it is installed: packages that this repository makes when it packs cannot be in its lock file. */
const addedTo = ({ devDependencies }) =>
  devDependencies?.['onnxruntime-node'] === undefined
    ? undefined
    : { optionalDependencies: runtimeDependencies() }

/**
 * Pack a package that is built.
 *
 * @param {import('./packages.mjs').Workspace} workspace
 * @param {string} target folder for the tarball.
 * @returns {{ filename: string, files: readonly { path: string }[] }} the tarball's name, and what is in it.
 */
export const packPackage = ({ directory, manifest }, target) => {
  const added = addedTo(manifest)
  if (added === undefined) return npmPack(directory, target)
  const folder = mkdtempSync(join(tmpdir(), 'laperm-pack-'))
  try {
    for (const { path } of npmPack(directory, target, ['--dry-run']).files)
      cpSync(join(directory, path), join(folder, path))
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...added }, null, 2)}\n`)
    return npmPack(folder, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
