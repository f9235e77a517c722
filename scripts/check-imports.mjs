/**
 * Imports point one way: fails where a package imports a sibling that is not below it, or one that its package.json does not name,
 * where it names a dependency that its sources do not import, where TypeScript's project references do not say the same, and where files import
 * each other in a circle.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { importCycles } from './import-cycles.mjs'
import { layers, root, workspaces } from './packages.mjs'

const layerOf = new Map(layers.flatMap((names, level) => names.map((name) => [name, level])))
const folderOf = new Map(workspaces.map(({ name, folder }) => [name, folder]))

const sources = (directory) =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => join(entry.parentPath, entry.name))
    : []

/** The packages that are imported by name; `#name` is one of the package's own `imports`. */
const importedPackages = (file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:from|import|require\.resolve)\s*\(?\s*['"]([^'"./\s][^'"\s]*)['"]/g,
    ),
  ].flatMap(([, specifier]) =>
    specifier.startsWith('node:') || specifier.startsWith('#')
      ? []
      : [
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        ],
  )

const importProblems = ({ name, directory, manifest }) => {
  const level = layerOf.get(name)
  if (level === undefined) return [`${name} has no layer: name it in scripts/packages.mjs`]
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  return sources(join(directory, 'src')).flatMap((file) =>
    importedPackages(file).flatMap((target) => [
      ...(target in declared
        ? []
        : [`${relative(root, file)} imports ${target}, which ${name} does not declare`]),
      ...(layerOf.has(target) && layerOf.get(target) >= level
        ? [`${relative(root, file)} imports ${target}: imports point down, ${name} is not above it`]
        : []),
    ]),
  )
}

const manifestOf = (name, directory) => {
  const own = join(directory, 'node_modules', name, 'package.json')
  const path = existsSync(own) ? own : join(root, 'node_modules', name, 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** A dependency that no source imports is for nothing, unless another dependency wants it beside itself. */
const dependencyProblems = ({ name, directory, manifest }) => {
  // A source may import it under a name of the package's own: `#name`, told apart by platform.
  const mapped = JSON.stringify(manifest.imports ?? {})
  const imported = new Set(sources(join(directory, 'src')).flatMap(importedPackages))
  const declared = Object.keys(manifest.dependencies ?? {})
  const wanted = new Set(
    declared.flatMap((one) => Object.keys(manifestOf(one, directory).peerDependencies ?? {})),
  )
  return declared
    .filter((target) => !imported.has(target) && !wanted.has(target) && !mapped.includes(`"${target}`))
    .map(
      (target) =>
        `${name} depends on ${target}, which its sources do not import: remove it, or name it among devDependencies`,
    )
}

/** The folders that a tsconfig.json refers to, relative to the root; undefined where it takes no part in `tsc -b`. */
const referencesOf = (folder) => {
  const path = join(root, folder, 'tsconfig.json')
  if (!existsSync(path)) return undefined
  const { references = [], compilerOptions = {} } = JSON.parse(readFileSync(path, 'utf8'))
  if (compilerOptions.composite === false) return undefined
  return references.map((reference) => posix.normalize(posix.join(folder, reference.path)))
}

/** `tsc -b` must know what a package is built from, or it compiles against yesterday's types. */
const referenceProblems = ({ folder, manifest }) => {
  const referenced = referencesOf(folder)
  if (referenced === undefined) return []
  const named = { ...manifest.dependencies, ...manifest.peerDependencies }
  const needed = Object.keys(named).flatMap((name) => folderOf.get(name) ?? [])
  return [
    ...needed
      .filter((target) => !referenced.includes(target))
      .map((target) => `${folder}/tsconfig.json does not refer to ${target}, which package.json names`),
    ...referenced
      .filter((target) => !needed.includes(target))
      .map((target) => `${folder}/tsconfig.json refers to ${target}, which package.json does not name`),
  ]
}

const cycleProblems = ({ directory }) =>
  importCycles(sources(join(directory, 'src'))).map((cycle) => {
    const names = cycle.map((file) => relative(root, file))
    return `${names.join(' imports ')}, which imports ${names[0]}: move what both need into a file of its own`
  })

const layered = workspaces.filter(({ folder }) => folder.includes('/'))
const rootReferences = referencesOf('.')
const problems = [
  ...layered.flatMap(importProblems),
  ...layered.flatMap(dependencyProblems),
  ...workspaces.flatMap(referenceProblems),
  ...workspaces.flatMap(cycleProblems),
  ...layered
    .filter(({ folder }) => referencesOf(folder) !== undefined && !rootReferences.includes(folder))
    .map(({ folder }) => `tsconfig.json does not refer to ${folder}: add it, so that tsc -b builds it`),
]
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log('Imports point one way, in no circles, and are all declared, and used.')
