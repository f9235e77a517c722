/**
 * Builds `dist` before a project's tests: of its workspace and of every workspace that its package.json names, for development too.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { root, workspaces } from '../scripts/packages.mjs'

const isCompiled = (folder: string): boolean => {
  const path = join(root, folder, 'tsconfig.json')
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).compilerOptions?.outDir === 'dist'
}

export default (project: TestProject): void => {
  const workspace = workspaces.find(({ directory }) => directory === project.config.root)
  if (workspace === undefined) throw new Error(`${project.config.root} is no workspace of this repository`)
  const { dependencies, devDependencies } = workspace.manifest
  const folders = workspaces
    .filter(({ name }) => name === workspace.name || name in { ...dependencies, ...devDependencies })
    .map(({ folder }) => folder)
    .filter(isCompiled)
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-b', ...folders], { cwd: root, stdio: 'inherit' })
}
