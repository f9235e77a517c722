/** `npm pack`, of any folder. */
import { execFileSync } from 'node:child_process'

/**
 * @param {string} folder with a package.json.
 * @param {string} target folder for the tarball.
 * @param {readonly string[]} flags
 * @returns {{ filename: string, files: readonly { path: string }[] }} the tarball's name, and what is in it.
 */
export const npmPack = (folder, target, flags = []) =>
  JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', target, ...flags], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )[0]
