/**
 * Files of this package that a worker or a process runs. Looked for when they are needed: in a bundle they are not where this module is, and a module
 * that is bundled to CommonJS does not know its own address.
 */
import { existsSync, readFileSync } from 'node:fs'

/** Own address; undefined in a bundle to CommonJS. */
const ownAddress = (): string | undefined => import.meta.url

/** A file of this package is not where the package is. */
export class BundledAway extends Error {
  override readonly name = 'BundledAway'
  /** What to do, apart from the reason. */
  readonly remedy = 'Leave @laperm/engine-onnx external when you bundle: it runs from node_modules.'

  constructor(file: string) {
    super(`${file} of @laperm/engine-onnx is not beside the program, as in a bundle`)
  }
}

/**
 * Where a program of this package is. Plain Node cannot run TypeScript: from the sources (tests) the built file is used.
 *
 * @throws BundledAway where the package was bundled.
 */
export const ownProgram = (name: 'worker.js' | 'probe.js', from = ownAddress()): URL => {
  if (from === undefined) throw new BundledAway(name)
  const file = new URL(from.endsWith('.ts') ? `../../dist/${name}` : `../${name}`, from)
  if (!existsSync(file)) throw new BundledAway(name)
  return file
}

/**
 * The version of this package.
 *
 * @throws BundledAway as {@link ownProgram}.
 */
export const ownVersion = (from = ownAddress()): string => {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', from), 'utf8'))
    if (
      typeof manifest === 'object' &&
      manifest !== null &&
      'version' in manifest &&
      typeof manifest.version === 'string'
    )
      return manifest.version
  } catch {
    // Told below.
  }
  throw new BundledAway('package.json')
}
