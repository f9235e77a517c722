/** What is running: names and versions that a run's config keeps. */
import { createRequire } from 'node:module'
import type { Engine } from '@laperm/engine'

/** Version of this program, out of its package.json. */
export const lapermVersion = (): string => {
  const manifest: unknown = createRequire(import.meta.url)('../package.json')
  return (manifest as { readonly version: string }).version
}

/** Versions that decide whether two runs can be expected to give the same bits. */
export const versionsOf = (engine: Engine): Readonly<Record<string, string>> => ({
  laperm: lapermVersion(),
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  engine: engine.describe,
})
