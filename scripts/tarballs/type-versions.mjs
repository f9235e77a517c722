/** Versions of TypeScript that compile a program which imports every entry: the oldest and the newest that we support. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entriesOf, publicPackages } from '../packages.mjs'

const versions = ['5.7.3', '7.0.2']

/** What npm has to install for it. */
export const typePackages = [
  '@types/node@20',
  ...versions.map((version) => `typescript-${version}@npm:typescript@${version}`),
]

const compile = (target, version) =>
  new Promise((settle, fail) => {
    const flags =
      '--noEmit --strict --skipLibCheck false --target es2022 --module nodenext --lib es2022,dom --types node'
    const tsc = `node_modules/typescript-${version}/bin/tsc`
    execFile(
      process.execPath,
      [tsc, ...flags.split(' '), 'imports-all.ts'],
      { cwd: target, maxBuffer: 2 ** 26 },
      (error, stdout) => {
        if (error !== null && typeof error.code !== 'number') return fail(error)
        // tfjs's own declarations contradict the DOM's of newer versions.
        const ours = stdout
          .split('\n')
          .filter((line) => /^(node_modules\/(@laperm|laperm)\/|imports-all)/.test(line))
        if (ours.length > 0) fail(new Error(`TypeScript ${version}:\n${ours.join('\n')}`))
        else settle(`TypeScript ${version}`)
      },
    )
  })

/**
 * Compile with each version, without `skipLibCheck`.
 *
 * @param {string} target where everything is installed.
 * @returns {Promise<string>} what was seen, in one line.
 */
export const checkTypes = async (target) => {
  const specifiers = publicPackages.flatMap(entriesOf).map(({ specifier }) => specifier)
  const program = specifiers.map((specifier, i) => `export * as entry${i} from '${specifier}'\n`)
  writeFileSync(join(target, 'imports-all.ts'), program.join(''))
  const compiled = await Promise.all(versions.map((version) => compile(target, version)))
  return `${compiled.join(', ')}: ${specifiers.length} entries compile without skipLibCheck`
}
