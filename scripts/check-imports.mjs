/**
 * Arrows point one way: fails where a package imports a sibling that is not below it, or one that its package.json does not name.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './setup.mjs'

/** Lower layers first; a package may import from strictly lower layers only. */
const layers = [
  ['@laperm/core'],
  [
    '@laperm/models',
    '@laperm/formats',
    '@laperm/backend-wasm',
    '@laperm/backend-webgl',
    '@laperm/backend-webgpu',
    '@laperm/backend-node',
    '@laperm/tfjs',
  ],
  ['@laperm/engine', '@laperm/data'],
  ['@laperm/conformance', '@laperm/engine-onnx', '@laperm/engine-tfjs'],
  ['@laperm/train'],
  ['@laperm/runs'],
  ['laperm', '@laperm/demo'],
]
const layerOf = new Map(layers.flatMap((names, level) => names.map((name) => [name, level])))

const sources = (directory) =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => join(entry.parentPath, entry.name))
    : []

const problems = []
for (const folder of ['packages', 'apps']) {
  for (const name of readdirSync(join(root, folder))) {
    const directory = join(root, folder, name)
    if (!existsSync(join(directory, 'package.json'))) continue
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    const level = layerOf.get(manifest.name)
    if (level === undefined) {
      problems.push(`${manifest.name} has no layer: name it in scripts/check-imports.mjs`)
      continue
    }
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
    for (const file of sources(join(directory, 'src'))) {
      for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
        /(?:from|import)\s*\(?\s*['"]([^'"./\s][^'"\s]*)['"]/g,
      )) {
        // `#name` is one of the package's own `imports`.
        if (specifier.startsWith('node:') || specifier.startsWith('#')) continue
        const target = specifier.startsWith('@')
          ? specifier.split('/').slice(0, 2).join('/')
          : specifier.split('/')[0]
        const where = relative(root, file)
        if (!(target in declared))
          problems.push(`${where} imports ${target}, which ${manifest.name} does not declare`)
        if (layerOf.has(target) && layerOf.get(target) >= level)
          problems.push(`${where} imports ${target}: arrows point down, ${manifest.name} is not above it`)
      }
    }
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log('Imports point one way and are all declared.')
