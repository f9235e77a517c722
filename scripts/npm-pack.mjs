/** `npm pack`, of any folders. */
import { execFileSync } from 'node:child_process'

/**
 * @param {readonly string[]} folders absolute, each with a package.json: one npm for all of them.
 * @param {string} target folder for the tarballs.
 * @param {readonly string[]} flags
 * @returns {{ filename: string, files: readonly { path: string }[] }[]} of each folder the tarball's name, and what is in it.
 */
export const npmPack = (folders, target, flags = []) =>
  JSON.parse(
    execFileSync('npm', ['pack', ...folders, '--json', '--silent', '--pack-destination', target, ...flags], {
      cwd: target,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
