/**
 * Every public package as its tarball, held against what npm users need of it: documents, links that lead somewhere, files that belong there, a manifest
 * whose entries exist (publint) and whose types resolve (arethetypeswrong).
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packPackages } from '../pack-packages.mjs'
import { entriesOf, publicPackages } from '../packages.mjs'
import { publishedManifest } from '../published-manifest.mjs'

const url = 'https://example.com/laperm'
/** Resolutions that packages of ES modules alone do not serve: `require`, and TypeScript's oldest, which knows no `exports`. */
const otherResolutions = ['node10', 'node16-cjs']

/** npm finds what a README links to by the package's directory in the repository. */
const checkDocuments = (workspace) => {
  const { name, directory } = workspace
  for (const required of ['LICENSE', 'README.md', 'CHANGELOG.md'])
    if (!existsSync(join(directory, required))) throw new Error(`${name} has no ${required}`)
  const readme = readFileSync(join(directory, 'README.md'), 'utf8')
  for (const [, link] of readme.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g))
    if (!/^https?:/.test(link) && !existsSync(join(directory, link)))
      throw new Error(`the README of ${name} links to ${link}, which is not there`)
}

const checkManifest = (workspace) => {
  const manifest = publishedManifest(workspace, url)
  for (const field of ['description', 'license', 'repository', 'homepage', 'bugs', 'keywords', 'engines'])
    if (manifest[field] === undefined || manifest[field].length === 0)
      throw new Error(`the manifest of ${manifest.name} has no ${field}`)
}

const checkFiles = ({ name }, paths) => {
  const leftover = /(^|\/)(test|node_modules)\/|\.tsbuildinfo$|(^|\/)tsconfig.*\.json$/
  const left = paths.filter((path) => leftover.test(path))
  if (left.length > 0) throw new Error(`${name} packs tests or build leftovers: ${left}`)
  const sources = new Set(paths)
  const missing = paths
    .filter((path) => /^dist\/.*\.js\.map$/.test(path))
    .map((path) => path.replace(/^dist\/(.*)\.js\.map$/, 'src/$1.ts'))
    .filter((path) => !sources.has(path))
  if (missing.length > 0) throw new Error(`${name} packs source maps without their sources ${missing}`)
}

/** Problems of a tarball in words. */
const problemsOf = async (workspace, path) => {
  const bytes = readFileSync(path)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: 'error' })
  const words = messages.map((message) => `publint: ${formatMessage(message, pkg)}`)
  if (entriesOf(workspace).length === 0) return words
  const { problems = [] } = await checkPackage(createPackageFromTarballData(bytes))
  return [
    ...words,
    ...problems
      .filter(({ resolutionKind }) => !otherResolutions.includes(resolutionKind))
      .map((problem) => `arethetypeswrong: ${JSON.stringify(problem)}`),
  ]
}

/**
 * Pack everything, and check it.
 *
 * @param {string} target folder for the tarballs.
 * @returns {Promise<string[]>} their names, in the order of `publicPackages`
 * @throws Error that names the package and what is wrong with it.
 */
export const packAndCheck = async (target) => {
  const packed = packPackages(publicPackages, target, url)
  const problems = []
  for (const [i, workspace] of publicPackages.entries()) {
    checkDocuments(workspace)
    checkManifest(workspace)
    checkFiles(
      workspace,
      packed[i].files.map(({ path }) => path),
    )
    for (const problem of await problemsOf(workspace, join(target, packed[i].filename)))
      problems.push(`${workspace.name}: ${problem}`)
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return packed.map(({ filename }) => filename)
}
