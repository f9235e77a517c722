/**
 * The one place that lists packages: every workspace with its manifest, the layers that imports may cross, and the entries that a
 * package exports. A new package is named in `layers` and in `tsconfig.json`; lint says so where it is not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Lower layers first; a package may import from strictly lower layers only. */
export const layers = [
  ['@laperm/core'],
  ['@laperm/formats'],
  [
    '@laperm/queue',
    '@laperm/store',
    '@laperm/data',
    '@laperm/analysis',
    '@laperm/backend-wasm',
    '@laperm/backend-webgl',
    '@laperm/backend-webgpu',
    '@laperm/backend-node',
    '@laperm/tfjs',
  ],
  ['@laperm/models', '@laperm/queue-redis', '@laperm/store-s3', '@laperm/figures'],
  ['@laperm/engine'],
  ['@laperm/conformance', '@laperm/engine-onnx', '@laperm/engine-tfjs'],
  ['@laperm/train'],
  ['@laperm/runs'],
  ['@laperm/paper'],
  ['laperm', '@laperm/demo'],
]

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/**
 * A package of this repository.
 *
 * @typedef {object} Workspace
 * @property {string} name as npm knows it
 * @property {string} folder relative to the root, as `packages/core`
 * @property {string} directory absolute
 * @property {Record<string, any>} manifest its package.json
 */

/**
 * Every workspace that the root's package.json names, in the order of its patterns and then by folder.
 *
 * @type {readonly Workspace[]}
 */
export const workspaces = readJson(join(root, 'package.json'))
  .workspaces.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(root, pattern.slice(0, -2)))
          .sort()
          .map((name) => `${pattern.slice(0, -2)}/${name}`)
      : [pattern],
  )
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map((folder) => {
    const directory = join(root, folder)
    const manifest = readJson(join(directory, 'package.json'))
    return { name: manifest.name, folder, directory, manifest }
  })

/** Every workspace that is published. */
export const publicPackages = workspaces.filter(({ manifest }) => manifest.private !== true)

/** The targets of a value of `exports`, by every condition on the way: `['default', './dist/index.js']`. */
const targets = (value, condition = 'default') =>
  typeof value === 'string'
    ? [[condition, value]]
    : Object.entries(value).flatMap(([name, inner]) => targets(inner, name))

/**
 * What a package exports, without files that are no modules such as `./package.json`.
 *
 * @param {Workspace} workspace
 * @returns {{ specifier: string, source: string, modules: string[] }[]} for each entry: what a user imports, the source that it is
 * compiled from, and every JavaScript file that some condition (`node`, `default`) gives
 */
export const entriesOf = ({ name, manifest }) =>
  Object.entries(manifest.exports ?? {})
    .map(([subpath, value]) => ({ subpath, found: targets(value) }))
    .filter(({ found }) => found.some(([, target]) => target.endsWith('.js')))
    .map(({ subpath, found }) => ({
      specifier: subpath === '.' ? name : `${name}/${subpath.slice(2)}`,
      source: found.find(([condition]) => condition === '@laperm/source')?.[1],
      modules: [...new Set(found.map(([, target]) => target).filter((target) => target.endsWith('.js')))],
    }))
