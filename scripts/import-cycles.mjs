/** Files that import each other in a circle, types included: Biome's `noImportCycles` does not follow imports of types. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const importedFiles = (file) => [
  ...new Set(
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"\s]+)['"]/g)]
      .map(([, specifier]) => join(dirname(file), specifier))
      .filter((target) => target.endsWith('.ts') && existsSync(target)),
  ),
]

/**
 * Circles of imports.
 *
 * @param {readonly string[]} files absolute paths of sources.
 * @returns {readonly (readonly string[])[]} each as the files on its way; of circles that share a file at least one.
 */
export const importCycles = (files) => {
  const cycles = []
  const done = new Set()
  const path = []
  const visit = (file) => {
    const begin = path.indexOf(file)
    if (begin >= 0) cycles.push(path.slice(begin))
    if (begin >= 0 || done.has(file)) return
    path.push(file)
    for (const target of importedFiles(file)) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of files) visit(file)
  return cycles
}
