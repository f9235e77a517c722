/**
 * Packs every public package, installs the tarballs together in an empty directory as a stranger does, with install scripts and without our
 * `.npmrc`, and imports every entry of every one from plain Node: what npm users get, not what the workspace sees. A file that only another
 * condition gives (a page's) is imported by its path.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packPackage } from './pack-package.mjs'
import { entriesOf, publicPackages, root } from './packages.mjs'
import { isThisMachine, packRuntime, runtimeHosts } from './runtime-packages.mjs'
import { buildBundlesForPages, compilePackages, installDependencies } from './setup.mjs'

installDependencies()
compilePackages()
buildBundlesForPages()

/** Packages whose install scripts may run: this one looks whether its prebuilt binary loads, and npm goes on without it where the script fails. */
const knownScripts = ['msgpackr-extract']

/** Peers that no install without a network brings along: their install scripts download TensorFlow. */
const nativePeers = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']

/** Peers that need no install of their own: those, and our packages, which are there as tarballs. */
const otherPeers = [...nativePeers, ...publicPackages.map(({ name }) => name)]

/** Versions of TypeScript that compile programs which import every entry: the oldest and the newest that we support. */
const typescripts = ['5.7.3', '7.0.2']

/** npm finds what a README links to by the package's directory in the repository. */
const checkLinks = ({ name, directory }) => {
  const readme = readFileSync(join(directory, 'README.md'), 'utf8')
  for (const [, link] of readme.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g))
    if (!/^https?:/.test(link) && !existsSync(join(directory, link)))
      throw new Error(`the README of ${name} links to ${link}, which is not there`)
}

const target = mkdtempSync(join(tmpdir(), 'laperm-packed-'))
const inTarget = (command, args) =>
  execFileSync(command, args, { cwd: target, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
/** As a stranger installs: with install scripts, and without our `.npmrc`. */
const install = (packages) => {
  const flags = ['--no-ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  inTarget('npm', ['install', `--userconfig=${join(target, 'no-npmrc')}`, ...flags, ...packages])
}

try {
  const tarballs = []
  for (const workspace of publicPackages) {
    const { directory, manifest } = workspace
    if (!(manifest.keywords?.length > 0)) throw new Error(`${manifest.name} has no keywords`)
    for (const required of ['LICENSE', 'README.md', 'CHANGELOG.md']) {
      if (!existsSync(join(directory, required))) throw new Error(`${manifest.name} has no ${required}`)
    }
    checkLinks(workspace)
    const { filename, files } = packPackage(workspace, target, 'https://example.com/laperm')
    const paths = files.map(({ path }) => path)
    if (paths.some((path) => /(^|\/)(test|node_modules)\/|\.tsbuildinfo$|(^|\/)tsconfig.*\.json$/.test(path)))
      throw new Error(`${manifest.name} packs tests or build leftovers: ${paths}`)
    if (paths.some((path) => path.endsWith('.map')) && !paths.some((path) => path.startsWith('src/')))
      throw new Error(`${manifest.name} packs source maps without sources`)
    tarballs.push(`./${filename}`)
    execFileSync('npx', ['--no-install', 'publint', 'run', '--strict', directory], {
      cwd: root,
      stdio: 'inherit',
    })
    if (entriesOf(workspace).length > 0)
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
  for (const host of runtimeHosts) if (isThisMachine(host)) tarballs.push(`./${packRuntime(host, target)}`)
  const optionalPeers = publicPackages.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies ?? {})
      .filter(([name]) => manifest.peerDependenciesMeta?.[name]?.optional && !otherPeers.includes(name))
      .map(([name, range]) => `${name}@${range}`),
  )
  install(tarballs)

  const installed = JSON.parse(readFileSync(join(target, 'node_modules/.package-lock.json'), 'utf8')).packages
  const scripted = Object.entries(installed)
    .filter(
      ([path, { hasInstallScript }]) =>
        hasInstallScript && !knownScripts.some((name) => path.endsWith(`/${name}`)),
    )
    .map(([path]) => path)
  if (scripted.length > 0)
    throw new Error(`${scripted} run install scripts: see what they download, and docs/decisions/0037`)
  install([...new Set(optionalPeers)])

  const specifiers = publicPackages.flatMap(entriesOf).map(({ specifier }) => specifier)
  writeFileSync(
    join(target, 'imports-all.ts'),
    specifiers.map((specifier, i) => `export * as entry${i} from '${specifier}'\n`).join(''),
  )
  const aliases = typescripts.map((version) => `typescript-${version}`)
  install(['@types/node@20', ...typescripts.map((version, i) => `${aliases[i]}@npm:typescript@${version}`)])
  for (const alias of aliases) {
    const flags =
      '--noEmit --strict --skipLibCheck false --target es2022 --module nodenext --lib es2022,dom --types node'
    const { stdout, status } = spawnSync(
      process.execPath,
      [`node_modules/${alias}/bin/tsc`, ...flags.split(' '), 'imports-all.ts'],
      { cwd: target, encoding: 'utf8' },
    )
    // tfjs's own declarations contradict the DOM's of newer versions.
    const ours = stdout
      .split('\n')
      .filter((line) => /^(node_modules\/(@laperm|laperm)\/|imports-all)/.test(line))
    if (status === null || ours.length > 0) throw new Error(`${alias}:\n${ours.join('\n')}`)
    console.log(`${alias}: ${specifiers.length} entries compile without skipLibCheck`)
  }

  /** How many names a module exports, imported by a process of its own in the directory of the tarballs. */
  const countExports = (specifier) =>
    Number(
      inTarget(process.execPath, [
        '--input-type=module',
        '--eval',
        `console.log(Object.keys(await import(${JSON.stringify(specifier)})).length)`,
      ]),
    )
  for (const workspace of publicPackages) {
    for (const { specifier, modules } of entriesOf(workspace)) {
      const files = modules.map(
        (path) => pathToFileURL(join(target, 'node_modules', workspace.name, path)).href,
      )
      for (const module of [specifier, ...files]) {
        const count = countExports(module)
        if (!(count > 0))
          throw new Error(`${module} exports nothing: export something, or take it out of exports`)
        if (module === specifier) console.log(`${specifier}: ${count} exports from plain Node`)
      }
    }
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
