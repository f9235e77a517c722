/** Packages as the tarballs that npm users get. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { npmPack } from './npm-pack.mjs'
import { publishedManifest, repositoryUrl } from './published-manifest.mjs'

/**
 * Pack packages that are built.
 *
 * @param {readonly import('./packages.mjs').Workspace[]} workspaces
 * @param {string} target folder for the tarballs.
 * @param {string | undefined} url the repository's address.
 * @returns {{ filename: string, files: readonly { path: string }[] }[]} of each package the tarball's name, and what is in it.
 */
export const packPackages = (workspaces, target, url = repositoryUrl()) => {
  const folder = mkdtempSync(join(tmpdir(), 'laperm-pack-'))
  try {
    const listed = npmPack(
      workspaces.map(({ directory }) => directory),
      target,
      ['--dry-run'],
    )
    const copies = workspaces.map((workspace, i) => {
      const copy = join(folder, basename(workspace.folder))
      for (const { path } of listed[i].files) cpSync(join(workspace.directory, path), join(copy, path))
      writeFileSync(
        join(copy, 'package.json'),
        `${JSON.stringify(publishedManifest(workspace, url), null, 2)}\n`,
      )
      return copy
    })
    return npmPack(copies, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
