/** One package as the tarball that npm would publish. */
import { execFileSync } from 'node:child_process'

/**
 * Pack a package that is built.
 *
 * @param {import('./packages.mjs').Workspace} workspace
 * @param {string} target folder for the tarball.
 * @returns {{ filename: string, files: readonly { path: string }[] }} the tarball's name, and what is in it.
 */
export const packPackage = ({ directory }, target) => {
  const [{ filename, files }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', target], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  return { filename, files }
}
