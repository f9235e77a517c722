/**
 * What every top-level command needs first: the locked dependencies and a build, each only where it is missing or stale.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeStaleOutputs } from './outputs.mjs'
import { root } from './packages.mjs'

const minimumNode = [20, 19]

/** Run a command in the repository root with its output shown; ends this process with its exit code where it fails. */
export const run = (command, args, env = {}) => {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
    shell: process.platform === 'win32',
  })
  if (result.error) {
    console.error(`${command} could not be started: ${result.error.message}`)
    process.exit(1)
  }
  if (result.status !== 0) process.exit(result.status ?? 1)
}

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
    console.error(
      `Node ${process.versions.node} is too old: LaPerm needs Node ${minimumNode.join('.')} or newer (https://nodejs.org).`,
    )
    process.exit(1)
  }
}

/** What is in node_modules: the hash of the lock file it was installed by, and whether it is only a part. */
const stamp = join(root, 'node_modules', '.laperm-installed')

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex')

/** `npm ci`, unless node_modules already holds what is wanted. */
const install = (wanted, accepted, flags) => {
  checkNode()
  if (existsSync(stamp) && accepted.includes(readFileSync(stamp, 'utf8'))) return
  console.log('Installing the locked dependencies (npm ci) ...')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...flags])
  writeFileSync(stamp, wanted)
}

/** Everything that package-lock.json says. */
export const installDependencies = () => {
  const all = lockHash()
  install(all, [all], [])
}

/** What the command line runs on, and the root's `dependencies`, which compile it: a third of everything. */
export const installForCommandLine = () => {
  const all = lockHash()
  const part = `${all} laperm`
  install(part, [all, part], ['--workspace=laperm', '--include-workspace-root', '--omit=dev'])
}

/**
 * Compile the command line and what it imports. Types are left to the next build of everything, which takes what has been compiled here for not
 * checked: that is half of a compiler's time.
 */
export const buildCommandLine = () => {
  removeStaleOutputs()
  console.log('Building the command line ...')
  run('npx', ['--no-install', 'tsc', '-b', '--noCheck', 'apps/cli'])
}

/** Compile every package by one compiler, which reads each declaration once. Outputs whose sources moved away go first, or they would stay. */
export const compilePackages = () => {
  removeStaleOutputs()
  console.log('Compiling the packages ...')
  run('npx', ['--no-install', 'tsc', '-b'])
}

/** Compile every package and build the demo's site; turbo skips what has not changed. */
export const build = () => {
  compilePackages()
  console.log('Building the packages ...')
  run('npx', ['--no-install', 'turbo', 'run', 'build', '--output-logs=errors-only', '--no-update-notifier'])
}

/** Bundle what pages without a bundler load, from what is compiled. */
export const buildBundlesForPages = () => run(process.execPath, [join(root, 'scripts', 'build-browser.mjs')])
