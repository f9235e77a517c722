/**
 * What builds leave behind in every workspace (`dist`, `*.tsbuildinfo`), and how it goes: all of it, or only files whose source has
 * moved away, which a compiler never removes and which would still be found by Node, by tests and by `npm pack`.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { workspaces } from './packages.mjs'

/** The suffixes that the compiler gives to what it makes of one source, the longest first. */
const compiled = ['.d.ts.map', '.js.map', '.d.ts', '.js']

const filesBelow = (directory) =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : []

/** Whether `dist` is the compiler's own work, file by file, and not a bundler's. */
const isCompiled = ({ directory }) => {
  const path = join(directory, 'tsconfig.json')
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).compilerOptions?.outDir === 'dist'
}

/** Remove every output of every workspace. */
export const removeOutputs = () => {
  for (const { directory, manifest } of workspaces) {
    rmSync(join(directory, 'dist'), { recursive: true, force: true })
    if (manifest.jsdelivr !== undefined) rmSync(join(directory, 'browser'), { recursive: true, force: true })
    for (const name of readdirSync(directory).filter((name) => name.endsWith('.tsbuildinfo')))
      rmSync(join(directory, name))
  }
}

/** Remove compiled files whose source is no longer there, and say how many. */
export const removeStaleOutputs = () => {
  let removed = 0
  for (const workspace of workspaces.filter(isCompiled)) {
    const dist = join(workspace.directory, 'dist')
    for (const file of filesBelow(dist)) {
      const suffix = compiled.find((ending) => file.endsWith(ending))
      if (suffix === undefined) continue
      const source = join(workspace.directory, 'src', file.slice(dist.length + 1, -suffix.length))
      if (existsSync(`${source}.ts`)) continue
      rmSync(file)
      removed += 1
    }
  }
  if (removed > 0) console.log(`Removed ${removed} compiled files whose sources have moved away.`)
}
