/** One package as the tarball that npm users get. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npmPack } from './npm-pack.mjs'
import { publishedManifest, repositoryUrl } from './published-manifest.mjs'

/**
 * Pack a package that is built.
 *
 * @param {import('./packages.mjs').Workspace} workspace
 * @param {string} target folder for the tarball.
 * @param {string | undefined} url the repository's address.
 * @returns {{ filename: string, files: readonly { path: string }[] }} the tarball's name, and what is in it.
 */
export const packPackage = (workspace, target, url = repositoryUrl()) => {
  const { directory } = workspace
  const folder = mkdtempSync(join(tmpdir(), 'laperm-pack-'))
  try {
    for (const { path } of npmPack(directory, target, ['--dry-run']).files)
      cpSync(join(directory, path), join(folder, path))
    writeFileSync(
      join(folder, 'package.json'),
      `${JSON.stringify(publishedManifest(workspace, url), null, 2)}\n`,
    )
    return npmPack(folder, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
