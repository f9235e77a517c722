/** Builds the site once for all tests of this project, from sources, into a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly siteFolder: string
  }
}

export default async (project: TestProject): Promise<() => void> => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const outDir = mkdtempSync(join(tmpdir(), 'laperm-site-'))
  // vitest says `test`; a visitor gets what `vite build` makes.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true, reportCompressedSize: false } })
  process.env.NODE_ENV = NODE_ENV
  project.provide('siteFolder', outDir)
  return () => rmSync(outDir, { recursive: true })
}
