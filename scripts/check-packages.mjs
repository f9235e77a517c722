/**
 * Packs every public package, installs the tarballs together in an empty directory, and uses them from plain Node:
 * what npm users get, not what the workspace sees.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, installDependencies, root } from './setup.mjs'

installDependencies()
build()

const workspaces = ['packages', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
  .filter((directory) => existsSync(join(directory, 'package.json')))
  .map((directory) => ({
    directory,
    manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')),
  }))
  .filter(({ manifest }) => manifest.private !== true)

const target = mkdtempSync(join(tmpdir(), 'laperm-packed-'))
const inTarget = (command, args) =>
  execFileSync(command, args, { cwd: target, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

try {
  const tarballs = []
  for (const { directory, manifest } of workspaces) {
    for (const required of ['LICENSE', 'README.md']) {
      if (!existsSync(join(directory, required))) throw new Error(`${manifest.name} has no ${required}`)
    }
    const [{ filename, files }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', target], {
        cwd: directory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    )
    if (files.some(({ path }) => /(^|\/)(test|node_modules)\/|\.tsbuildinfo$/.test(path)))
      throw new Error(`${manifest.name} packs tests or build leftovers: ${files.map((file) => file.path)}`)
    tarballs.push(`./${filename}`)
    execFileSync('npx', ['--no-install', 'publint', 'run', '--strict', directory], {
      cwd: root,
      stdio: 'inherit',
    })
    if (manifest.exports['.'])
      execFileSync(
        'npx',
        ['--no-install', 'attw', '--profile', 'esm-only', '--quiet', join(target, filename)],
        {
          cwd: root,
          stdio: 'inherit',
        },
      )
  }
  writeFileSync(join(target, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(target, '.npmrc'), readFileSync(join(root, '.npmrc')))
  inTarget('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs])

  for (const { manifest } of workspaces.filter(({ manifest }) => manifest.exports['.'])) {
    const names = inTarget(process.execPath, [
      '--input-type=module',
      '--eval',
      `console.log(Object.keys(await import('${manifest.name}')).length)`,
    ])
    if (!(Number(names) > 0)) throw new Error(`${manifest.name} exports nothing`)
    console.log(`${manifest.name}: ${names.trim()} exports from plain Node`)
  }
  const summary = JSON.parse(
    inTarget('npx', [
      '--no-install',
      'laperm',
      'train',
      'f1',
      '--limit',
      '2000',
      '--epochs',
      '1',
      '--sync-period',
      '5',
      '--json',
    ]),
  )
  if (summary.isPermutation !== true) throw new Error(`laperm train f1 gave ${JSON.stringify(summary)}`)
  console.log(
    `laperm: trained ${summary.model}, ${summary.permutedVectors} of ${summary.weightVectors} vectors are permutations`,
  )
} finally {
  rmSync(target, { recursive: true, force: true })
}
